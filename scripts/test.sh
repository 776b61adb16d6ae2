#!/bin/sh
# Run the tests; arguments go to pytest. Without a browser the rest still runs, and the summary says what did not.
set -eu
cd "$(dirname "$0")/.."

sh scripts/venv.sh dev
if CHROMIUM=$(sh scripts/chromium.sh); then
    export CHROMIUM
else
    unset CHROMIUM
    export CHROMIUM_MISSING="no Chromium was found and none could be installed; install Chromium or Chrome, or set CHROMIUM=/path"
    echo "+----------------------------------------------------------------------------+"
    echo "|                                                                            |"
    echo "|   BROWSER TESTS NOT RUN: no Chromium was found and none could be           |"
    echo "|   installed. Install Chromium or Chrome, or set CHROMIUM=/path, and        |"
    echo "|   repeat. All other tests run now.                                         |"
    echo "|                                                                            |"
    echo "+----------------------------------------------------------------------------+"
fi

# One file stays on one process, so that what a file builds once is built once.
exec .venv/bin/python -m pytest -n auto --dist loadfile "$@"

#!/bin/sh
# Write requirements*.txt with the hashes of every file of the public index, whatever pip is set to here.
set -eu
cd "$(dirname "$0")/.."

.venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || {
    echo "Requirements are resolved with Python 3.11, the oldest supported; run: make clean, then make requirements PYTHON=/path/to/python3.11." >&2
    exit 1
}

export PIP_CONFIG_FILE=/dev/null
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL
for name in requirements requirements-dev; do
    .venv/bin/python -m piptools compile --quiet --no-config --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --output-file="$name.txt" "$name.in" "$@"
done

#!/bin/sh
# Make .venv hold exactly what the requirements say: venv.sh [dev]
# A stamp keeps the checksum of what was installed, so that the second call takes no time.
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
    dev) wanted=requirements-dev.txt ;;
    *) wanted=requirements.txt ;;
esac

fail() {
    echo "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null || fail "PYTHON=$PYTHON names no program; give the path of a Python 3.11 or newer."
        is_new_enough "$PYTHON" || fail "PYTHON=$PYTHON is older than Python 3.11; give the path of a newer one."
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
        if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    if command -v python3 >/dev/null; then
        fail "The workbench needs Python 3.11 or newer and found $(python3 --version); install a newer one and run: make PYTHON=/path/to/python3.11 …"
    fi
    fail "The workbench needs Python 3.11 or newer and found none; install it (Debian, Ubuntu: apt-get install python3 python3-venv)."
}

checksum_of_wanted() {
    # The development requirements contain the others. Line ends of a Windows checkout do not count.
    tr -d '\r' < "$wanted" | cksum
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Creating .venv with $("$python" --version) …"
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        fail "$("$python" --version) cannot create a virtual environment; install its venv module (Debian, Ubuntu: apt-get install python3-venv) and repeat."
    fi
fi

if ! is_new_enough .venv/bin/python; then
    fail "The folder .venv was made with a Python older than 3.11; run: make clean, then repeat with PYTHON=/path/to/python3.11."
fi

now=$(checksum_of_wanted)
for stamp in ".venv/.$wanted" .venv/.requirements-dev.txt; do
    # What the development requirements installed covers the others too, as long as these have not changed since.
    if [ -f "$stamp" ] && grep -qxF "$wanted $now" "$stamp"; then
        exit 0
    fi
done

echo "Installing $wanted (a few minutes the first time) …"
if ! .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$wanted"; then
    fail "Python packages could not be installed (pip's message is above); check the network connection or proxy (HTTPS_PROXY) and repeat."
fi

stamp=".venv/.$wanted"
echo "$wanted $now" > "$stamp"
if [ "$wanted" = requirements-dev.txt ]; then
    wanted=requirements.txt
    echo "$wanted $(checksum_of_wanted)" >> "$stamp"
else
    # The versions may differ from those of the development requirements now.
    rm -f .venv/.requirements-dev.txt
fi

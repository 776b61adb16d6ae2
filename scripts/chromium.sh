#!/bin/sh
# Print the path of a Chromium or Chrome that starts; install one if there is none. Fails when that is impossible.
# Everything but the path goes to standard error.
set -eu
cd "$(dirname "$0")/.."

starts() {
    [ -x "$1" ] && "$1" --version >/dev/null 2>&1
}

found() {
    echo "$1"
    exit 0
}

look_for_installed() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name") && starts "$path" && found "$path"
    done
    for path in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
        if starts "$path"; then found "$path"; fi
    done
    path=$(.venv/bin/python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
' 2>/dev/null) && starts "$path" && found "$path"
    return 0
}

install_package_as() {
    echo "Installing Chromium for the browser tests with apt-get …" >&2
    "$@" apt-get update -qq >&2 </dev/null &&
        "$@" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >&2 </dev/null
}

if [ -n "${CHROMIUM:-}" ]; then
    starts "$CHROMIUM" && found "$CHROMIUM"
    echo "CHROMIUM=$CHROMIUM does not start; give the path of a Chromium or Chrome, or leave CHROMIUM empty." >&2
    exit 1
fi

look_for_installed
if command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then
        install_package_as env || true
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        install_package_as sudo -n || true
    fi
    look_for_installed
fi

echo "Downloading Chromium for the browser tests with playwright …" >&2
if [ "$(id -u)" = 0 ]; then
    .venv/bin/python -m playwright install --with-deps chromium >&2 </dev/null || true
else
    .venv/bin/python -m playwright install chromium >&2 </dev/null || true
fi
look_for_installed
exit 1

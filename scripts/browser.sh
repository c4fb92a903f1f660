#!/bin/sh
# browser.sh: a Chromium for the tests, installed when there is none and we may.
set -eu

found() {
    for name in "${CAREHUB_BROWSER:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the tests"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium fonts-noto-core >/dev/null || true
    found && exit 0
fi
echo "The tests need a browser. Install Chromium and the Noto fonts (on Debian, as root: apt-get install chromium" >&2
echo "fonts-noto-core), or name another Chromium in CAREHUB_BROWSER." >&2
exit 1

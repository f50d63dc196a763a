#!/bin/sh
# Browser tests need Chromium: installed from Debian when it is missing and we may.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "set-up: installing Chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
        >/dev/null 2>&1 || echo "set-up: Chromium could not be installed" >&2
fi

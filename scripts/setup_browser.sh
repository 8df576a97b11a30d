#!/bin/sh
# Installs Chromium for the tests of the pages, as root on Debian: 200 MB, half a minute. Elsewhere it says what is
# missing; those tests are skipped then, and everything else is tested all the same.
set -eu

for name in chromium google-chrome chromium-browser; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "setup: installing chromium, for the tests of the pages"
    export DEBIAN_FRONTEND=noninteractive
    install() { timeout 180 apt-get install -y -q --no-install-recommends chromium >/dev/null 2>&1; }
    if install || { timeout 60 apt-get update -q >/dev/null 2>&1 && install; }; then exit 0; fi
fi
echo "setup: no Chromium; the tests of the pages in a browser are skipped. To run them: sudo apt-get install chromium" >&2

#!/bin/sh
# Chromium and a Chinese font for the browser tests: the system's own, else Debian's.
set -eu
have_browser() { command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
have_font() { [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; }
if have_browser && have_font; then exit 0; fi
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-wqy-microhei >/dev/null

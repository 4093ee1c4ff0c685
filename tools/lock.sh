#!/bin/sh
# Renews both lock files; every package is pinned with the hashes of all its files.
set -eu
cd "$(dirname "$0")/../requirements"
for name in runtime dev; do
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header "$name.in" --output-file "$name.txt" "$@"
done

#!/bin/sh
# Makes the virtual environment of the S3 store that tests use: OpenStack Swift, which pins what the project must
# not get. Does nothing, and touches no network, when what the lock file names is there.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cd "$here"
lock=$(sha256sum requirements.txt | cut -d' ' -f1)
if [ "$(cat venv/.locked 2>/dev/null)" = "$lock" ]; then exit 0; fi
rm -rf venv
/usr/bin/python3 -m venv venv >&2
venv/bin/python -m pip install -qq --no-deps --require-hashes --no-warn-script-location --progress-bar off \
    -r requirements.txt >&2
echo "$lock" >venv/.locked

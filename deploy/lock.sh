#!/usr/bin/env bash
# Write the lock files from pyproject.toml: versions and hashes only, no addresses, so that they
# install from whatever index the machine is set up with. `deploy/lock.sh --upgrade` takes newer versions.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

compile() {
    # A fixed header: pip-tools' own would quote the options of the machine it ran on.
    local out=$1 from=$2
    shift 2
    .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
        --resolver=backtracking --output-file="$out" "$@" "$from"
    sed -i "1i # Written by deploy/lock.sh from $(basename "$from"). Do not edit." "$out"
}

compile deploy/requirements.txt pyproject.toml --extra build "$@"
# The development file holds both sets, so that one install is enough, and starts from the first, so
# that what tests add never moves what runs and the hashes need not be fetched twice.
cp deploy/requirements.txt deploy/requirements-dev.txt
compile deploy/requirements-dev.txt pyproject.toml --extra build --extra dev --constraint deploy/requirements.txt "$@"
# The S3 store of tests has an environment of its own: it pins what the project must not get.
compile tests/swift/requirements.txt tests/swift/requirements.in "$@"

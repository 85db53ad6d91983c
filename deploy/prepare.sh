#!/usr/bin/env bash
# Install what running this checkout needs and is not there yet: Debian packages, the virtual
# environment .venv, the built console; with --dev also what the tests need, with --bench what
# measuring needs besides.
#
# Writes to standard error only, never asks, and touches no network when nothing changed: each
# part has a stamp with a hash of what it was made from. Preparations of one checkout take turns.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
venv=$root/.venv
console=$root/src/footlight/console_dist
attempts=3
lists_max_age_days=3

say() { printf 'prepare: %s\n' "$*" >&2; }
die() {
    say "$*"
    exit 1
}

dev=
bench=
locked=
for option in "$@"; do
    case $option in
        --dev) dev=yes ;;
        --bench) dev=yes bench=yes ;;
        --locked) locked=yes ;; # set by this script itself: the lock is held
        *) die "unknown option $option" ;;
    esac
done

# The caller's Python and pip settings that would send files elsewhere are not for this environment.
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT
# Node keeps certificates of its own; a machine whose network has one more trusts it in Debian's store.
export NODE_USE_SYSTEM_CA=1
export PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# --- Debian packages ------------------------------------------------------------------------

names() {
    local lists=("$root/deploy/packages.txt")
    [ -z "$dev" ] || lists+=("$root/deploy/packages-test.txt")
    [ -z "$bench" ] || lists+=("$root/deploy/packages-bench.txt")
    sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "${lists[@]}"
}

missing_packages() {
    local wanted installed
    mapfile -t wanted < <(names)
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
    installed=" $(sed -n 's/^installed //p' <<<"$installed" | tr '\n' ' ') "
    for name in "${wanted[@]}"; do
        [[ $installed == *" $name "* ]] || printf '%s\n' "$name"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet=2 \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null >&2
}

lists_are_fresh() {
    [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mtime "-$lists_max_age_days" -print -quit 2>/dev/null)" ]
}

install_packages() {
    local missing attempt
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing Debian packages: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        die "not root, and sudo asks for a password or is not there. As root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    for ((attempt = 1; attempt <= attempts; attempt++)); do
        # A failed update is no reason to stop: another source may have failed than the one needed.
        { [ "$attempt" -eq 1 ] && lists_are_fresh; } || apt update || say "apt-get update failed"
        apt install --no-install-recommends "${missing[@]}" && return 0
        say "apt-get install failed (attempt $attempt of $attempts)"
        [ "$attempt" -eq "$attempts" ] || sleep $((attempt * 5))
    done
    die "could not install: ${missing[*]}"
}

# --- PAM ------------------------------------------------------------------------------------

# Through which accounts of this machine sign in, where the site runs as root. One that is there already is somebody's
# own and stays; without it `login` takes its place.
pam_service=/etc/pam.d/footlight

pam_is_ready() {
    [ "$(id -u)" -ne 0 ] || [ ! -w /etc/pam.d ] || [ -e "$pam_service" ]
}

install_pam_service() {
    say "installing the PAM service $pam_service"
    install -m 644 "$root/deploy/pam.d/footlight" "$pam_service" || die "could not install $pam_service"
}

# --- virtual environment --------------------------------------------------------------------

# Where the environment lives and what it was made with: if that changes, it is made anew.
venv_place() { printf '%s %s\n' "$root" "$(readlink -f /usr/bin/python3)"; }

lock_file() {
    if [ "$1" = dev ]; then
        printf '%s\n' "$root/deploy/requirements-dev.txt"
    else
        printf '%s\n' "$root/deploy/requirements.txt"
    fi
}

venv_key() {
    printf '%s %s\n' "$1" "$(cat "$(lock_file "$1")" "$root/pyproject.toml" | sha256sum | cut -c1-64)"
}

venv_is_ready() {
    local stamp
    stamp=$(cat "$venv/.prepared" 2>/dev/null) || return 1
    [[ $stamp == "$(venv_place)"$'\n'* && $stamp == *$'\n'"$(venv_key "$1")"* ]]
}

retrying() {
    local attempt
    for ((attempt = 1; attempt <= attempts; attempt++)); do
        "$@" </dev/null >&2 && return 0
        say "failed (attempt $attempt of $attempts): ${*:1:4} ..."
        [ "$attempt" -eq "$attempts" ] || sleep $((attempt * 3))
    done
    return 1
}

make_venv() {
    local kind=$1 stamp
    stamp=$(head -n 1 "$venv/.prepared" 2>/dev/null || true)
    # An interrupted install leaves .unfinished, a moved checkout another place in its stamp.
    if [ -e "$venv/.unfinished" ] || { [ -n "$stamp" ] && [ "$stamp" != "$(venv_place)" ]; } ||
        ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        say "making the virtual environment .venv"
        rm -rf "$venv"
        mkdir "$venv"
        : >"$venv/.unfinished"
        /usr/bin/python3 -m venv "$venv" </dev/null >&2
    fi
    : >"$venv/.unfinished"
    rm -f "$venv/.prepared"
    say "installing $(grep -c '==' "$(lock_file "$kind")") locked Python packages into .venv"
    retrying "$venv/bin/python" -m pip install -qq --no-deps --require-hashes \
        --no-warn-script-location --progress-bar off -r "$(lock_file "$kind")" ||
        die "could not install the Python packages"
    retrying "$venv/bin/python" -m pip install -qq --no-deps --no-index --no-build-isolation \
        --no-warn-script-location --editable "$root" || die "could not install the project into .venv"
    {
        venv_place
        venv_key run
        # The development lock holds everything of the other.
        [ "$kind" = run ] || venv_key dev
    } >"$venv/.prepared.new"
    mv "$venv/.prepared.new" "$venv/.prepared"
    rm "$venv/.unfinished"
}

# --- console --------------------------------------------------------------------------------

console_key() {
    (
        cd "$root/console"
        find . \( -name node_modules -o -name dist \) -prune -o -type f -print0 | LC_ALL=C sort -z |
            xargs -0 sha256sum | sha256sum | cut -c1-64
    )
}

console_is_ready() {
    [ "$(cat "$console/.prepared" 2>/dev/null)" = "$(console_key)" ]
}

make_console() {
    local key
    key=$(console_key)
    say "building the console"
    rm -f "$console/.prepared"
    retrying "$root/console/build.sh" || die "could not build the console"
    printf '%s\n' "$key" >"$console/.prepared"
}

# --- provider -------------------------------------------------------------------------------

# The OpenID Connect provider that tests sign in at.
provider_is_ready() {
    [ -z "$dev" ] ||
        [ "$(cat "$root/tests/oidc/node_modules/.locked" 2>/dev/null)" = \
            "$(sha256sum "$root/tests/oidc/package-lock.json" | cut -d' ' -f1)" ]
}

make_provider() {
    say "installing the provider that tests sign in at"
    retrying "$root/tests/oidc/install.sh" || die "could not install the tests' provider"
}

# --- object store ---------------------------------------------------------------------------

# The S3 store of tests, in an environment of its own.
swift_is_ready() {
    [ -z "$dev" ] ||
        [ "$(cat "$root/tests/swift/venv/.locked" 2>/dev/null)" = \
            "$(sha256sum "$root/tests/swift/requirements.txt" | cut -d' ' -f1)" ]
}

make_swift() {
    say "installing the S3 store that tests use"
    retrying "$root/tests/swift/install.sh" || die "could not install the tests' S3 store"
}

# --------------------------------------------------------------------------------------------

kind=${dev:+dev}
kind=${kind:-run}
if [ -z "$(missing_packages)" ] && venv_is_ready "$kind" && console_is_ready &&
    provider_is_ready && swift_is_ready && pam_is_ready; then
    exit 0
fi
if [ -z "$locked" ]; then
    # --close: daemons that package scripts start must not inherit the lock.
    status=0
    flock --close --wait 1800 --conflict-exit-code 75 "$root/.prepare.lock" \
        "$root/deploy/prepare.sh" --locked "$@" || status=$?
    [ "$status" -ne 75 ] || die "another preparation has held $root/.prepare.lock for half an hour"
    exit "$status"
fi
install_packages
venv_is_ready "$kind" || make_venv "$kind"
console_is_ready || make_console
provider_is_ready || make_provider
swift_is_ready || make_swift
pam_is_ready || install_pam_service
say "done"

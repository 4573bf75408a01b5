#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian packages that Culprit needs and this machine lacks, and lets LibTorch use OpenBLAS.
# Says nothing where all is there.   packaging/setup.sh [--with-tests]
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

say() { printf 'setup: %s\n' "$*" >&2; }

asRoot() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "this needs root and there is no sudo; run as root: $*"
        exit 1
    fi
}

isInstalled() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

installMissing() {
    local package missing=()
    for package in "$@"; do
        isInstalled "$package" || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    asRoot apt-get update -qq
    asRoot env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# The reference BLAS may have been chosen by hand, or by a package that came later.
useOpenBlas() {
    local folder name alternative current target
    folder=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
    for name in libblas.so.3 liblapack.so.3; do
        alternative=$name-${folder##*/}
        current=$(update-alternatives --query "$alternative" 2>/dev/null | sed -n 's/^Value: //p')
        target=$folder/openblas-openmp/$name
        case $current in
            *openblas*) continue ;;
        esac
        say "$name is $current; setting it to $target"
        asRoot update-alternatives --set "$alternative" "$target"
    done
}

if ! command -v apt-get >/dev/null; then
    say "this is not a Debian system; install the counterparts of: ${buildPackages[*]}"
    exit 1
fi

case ${1-} in
    '') installMissing "${buildPackages[@]}" ;;
    --with-tests) installMissing "${buildPackages[@]}" "${testPackages[@]}" ;;
    *)
        say "unknown option $1; use: packaging/setup.sh [--with-tests]"
        exit 2
        ;;
esac
useOpenBlas

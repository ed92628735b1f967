#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Watchfire contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# peers — real programs for the interop tests and the benches: single packages of Debian's
# testing suite, checked against its signed index and unpacked under build/peers. Nothing is
# installed and no service is started. A peer that cannot be had is named; the tests that need
# it say that they were skipped.
set -uo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "$0")/.." && pwd)
dir=${WATCHFIRE_PEERS:-$root/build/peers}
readonly PACKAGES=(prometheus prometheus-node-exporter prometheus-alertmanager
    prometheus-pushgateway prometheus-haproxy-exporter victoria-metrics haproxy
    # what HAProxy is linked with and a desktop has not
    liblua5.4-0 libopentracing-c-wrapper0t64 libopentracing1)
readonly KEY=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf '%s\n' "peers: $*"; }

command -v apt-get >/dev/null || { say 'no apt-get here: interop tests will be skipped'; exit 0; }
missing=()
for package in "${PACKAGES[@]}"; do
    [[ -e $dir/$package.version ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    say "all here: $(cd "$dir" && grep -H . ./*.version | sed 's|^\./||; s|\.version:| |' | paste -sd, | sed 's/,/, /g')"
    exit 0
fi
# Tried lately without success: not again within the hour, so that tests stay quick.
if [[ -z ${1:-} && -n $(find "$dir/tried" -mmin -60 2>/dev/null) ]]; then
    say "missing (tried within the hour): ${missing[*]}"
    exit 0
fi

base=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    grep -E '/debian/?$' | head -n 1)
[[ -n $base && -e $KEY ]] || { say 'no Debian archive is configured: interop tests will be skipped'; exit 0; }

mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial" "$dir/deb"
: > "$dir/tried"
printf 'deb [signed-by=%s] %s testing main\n' "$KEY" "$base" > "$dir/apt/sources.list"
apt_() {
    apt-get -q -o Dir::Etc::SourceList="$dir/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$dir/apt/lists" -o Dir::State::Status=/dev/null \
        -o Dir::Cache="$dir/apt/cache" -o Acquire::Languages=none -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=20 -o APT::Sandbox::User=root \
        -o APT::Default-Release= -o Dir::Etc::Preferences=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null "$@"
}
say "fetching from Debian testing: ${missing[*]}"
if ! apt_ update > "$dir/apt/update.log" 2>&1; then
    say "the archive cannot be reached; see $dir/apt/update.log"
    exit 0
fi
for package in "${missing[@]}"; do
    if (cd "$dir/deb" && apt_ download "$package" > "$dir/apt/$package.log" 2>&1); then
        deb=$(ls -t "$dir/deb/${package}"_*.deb | head -n 1)
        dpkg-deb -x "$deb" "$dir/root" && dpkg-deb -f "$deb" Version > "$dir/$package.version"
        say "$package $(cat "$dir/$package.version")"
    else
        say "$package: $(tail -n 1 "$dir/apt/$package.log")"
    fi
done

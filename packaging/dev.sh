#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Watchfire contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# dev.sh — everything done with a checkout of Watchfire. Safe to run again.
#
#   run [--fresh] [--for 20s] [-- FLAGS]  set up, build, start the application
#   test [CTEST OPTIONS]                  set up, build, run every test
#   setup [--dev]                         install what building and testing needs
#   peers                                 fetch real programs for interop tests
#   build [PRESET]                        dev, asan, tsan or release
#   bench [NAME]                          build and run the benches
#   asan, tsan                            the tests under sanitizers
#   lint [BASE]                           format, licences, tidy on lines changed since BASE
#   fuzz [SECONDS [SEED]]                 the fuzz targets, so long each
#   fuzz --changed [BASE]                 those whose sources changed, and one more; 2 minutes in all
#   shots [DIR]                           all pages, light and dark, as PNG
#   package                               a .deb
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
root=$PWD

# Objects of another clone of the same sources are the same objects.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
jobs=$(nproc)

say() { printf '%s\n' "dev: $*"; }
die() { printf '%s\n' "dev: $*" >&2; exit 1; }

setup() { packaging/setup.sh "$@"; }

build() { # PRESET [TARGET…]
    local preset=$1
    shift
    # Whoever runs several verbs after another says what is built and not changed since.
    [[ ${WATCHFIRE_BUILT:-} == "$preset" ]] && return
    say "building ($preset)"
    # Configuring again is cheap and picks up what changed.
    cmake --preset "$preset" -DWATCHFIRE_PCH="${WATCHFIRE_PCH:-OFF}" > "build/$preset.configure.log" 2>&1 || { tail -40 "build/$preset.configure.log"; die 'configuring failed'; }
    cmake --build "build/$preset" --parallel "$jobs" ${1:+--target "$@"}
}

# Runs a command with a display: the one there is, or one of its own.
with_display() {
    if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
        "$@"
        return
    fi
    say 'no display: starting one (Xvfb 1280x800)'
    local number=$((90 + RANDOM % 900)) tries=0
    while [[ -e /tmp/.X11-unix/X$number ]] && ((tries++ < 50)); do number=$((number + 1)); done
    Xvfb ":$number" -screen 0 1280x800x24 -nolisten tcp > /dev/null 2>&1 &
    local server=$! rc=0
    # For a Ctrl-C; what ends by itself takes its display along below, before another begins.
    trap 'kill '"$server"' 2>/dev/null || true' EXIT
    for _ in $(seq 100); do
        [[ -e /tmp/.X11-unix/X$number ]] && break
        sleep 0.05
    done
    [[ -e /tmp/.X11-unix/X$number ]] || die 'Xvfb did not start'
    DISPLAY=:$number dbus-run-session -- "$@" || rc=$?
    kill "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
    trap - EXIT
    return "$rc"
}

run() {
    local fresh=0 seconds='' flags=()
    while (($#)); do
        case $1 in
        --fresh) fresh=1 ;;
        --for) seconds=${2%s}; shift ;;
        --for=*) seconds=${1#--for=}; seconds=${seconds%s} ;;
        --) shift; flags+=("$@"); break ;;
        *) flags+=("$1") ;;
        esac
        shift
    done
    setup
    build release watchfire watchfirectl
    local profile=$root/build/profile
    ((fresh)) && rm -rf "$profile"
    mkdir -p "$profile"
    local command=("build/release/bin/watchfire" --profile "$profile" --summary "$root/build/run.png")
    [[ -n $seconds ]] && command+=(--for "$seconds")
    say "starting ${command[*]}"
    with_display "${command[@]}" "${flags[@]}"
}

run_tests() {
    setup
    packaging/peers.sh
    build dev
    export QT_QPA_PLATFORM=offscreen
    # One more than there are processors: many tests wait for another program, or for the disk.
    ctest --test-dir build/dev --output-on-failure --label-exclude bench -j "$((jobs + 1))" "$@"
}

sanitized() { # PRESET [CTEST OPTIONS]
    local preset=$1
    shift
    setup
    build "$preset"
    ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS="suppressions=$root/tests/support/lsan.supp:print_suppressions=0" \
    TSAN_OPTIONS="ignore_noninstrumented_modules=1 suppressions=$root/tests/support/tsan.supp" \
        ctest --test-dir "build/$preset" --output-on-failure --label-exclude 'bench|interop' -j "$jobs" "$@"
}

bench() {
    setup
    build release benches
    local found=0 program
    for program in build/release/bin/bench_*; do
        [[ -x $program && $(basename "$program") == *"${1:-}"* ]] || continue
        found=1
        say "$(basename "$program")"
        QT_QPA_PLATFORM=offscreen "$program"
    done
    ((found)) || die "no bench named '${1:-}'"
}

# Where this work began: what is not in origin/main yet; once it is there, the last commit. Nothing
# in a clone without history.
base() {
    local fork
    if fork=$(git merge-base origin/main HEAD 2> /dev/null) && [[ $fork != $(git rev-parse HEAD) ]]; then
        printf '%s\n' "$fork"
    else
        git rev-parse --quiet --verify HEAD~1 || true
    fi
}

lint() {
    setup --dev
    local tool
    for tool in clang-format clang-tidy clang-tidy-diff; do
        command -v "$tool" > /dev/null || die "lint needs $tool, and it is not here"
    done
    local base=${1:-$(base)} bad=0
    say 'format'
    git ls-files '*.cpp' '*.h' | xargs -n 40 -P "$jobs" clang-format --dry-run -Werror || bad=1
    build dev
    if [[ -z $base ]]; then
        say 'SKIPPED-LOUDLY: clang-tidy, there is no earlier commit to compare with'
    else
        say "clang-tidy on the lines changed since $base"
        : > build/lint.log
        # The fuzz targets have no place in that build.
        git diff -U0 "$base" -- '*.cpp' '*.h' ':!tests/fuzz' |
            clang-tidy-diff -p1 -path build/dev -j "$jobs" -quiet -regex '.*\.(cpp|h)$' \
                -extra-arg=-Wno-ignored-gch 2>> build/lint.log |
            tee -a build/lint.log || bad=1
        grep -q 'error:' build/lint.log && bad=1
    fi
    if command -v reuse > /dev/null; then reuse lint || bad=1; fi
    ((bad == 0)) || die 'lint found something (build/lint.log)'
}

fuzz_one() { # PROGRAM SECONDS [SEED]
    local name corpus seeds
    name=$(basename "$1")
    corpus=build/corpus/$name
    mkdir -p "$corpus"
    seeds=(tests/fuzz/seeds/"${name#fuzz_}")
    [[ -d ${seeds[0]} ]] || seeds=()
    # What leaks is looked for by `asan`, whose tests feed these parsers broken input too; here it
    # would take a large part of the time.
    if ASAN_OPTIONS=detect_leaks=0 "$1" -max_total_time="$2" ${3:+-seed="$3"} -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$corpus/../$name-" "$corpus" "${seeds[@]}" > "build/corpus/$name.log" 2>&1
    then
        say "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/corpus/$name.log") runs in $2 s, no finding"
    else
        tail -n 40 "build/corpus/$name.log"
        die "$name found something"
    fi
}

# Fuzz targets with a changed source among all they are linked of, and one more whose turn it is.
fuzz_changed() { # BASE
    local base=$1 all=() turn name folders changed
    mapfile -t all < <(sed -n 's/^watchfire_fuzz(\([a-z_]*\).*/fuzz_\1/p' tests/fuzz/CMakeLists.txt)
    turn=${all[$(($(git rev-list --count HEAD) % ${#all[@]}))]}
    changed=$([[ -z $base ]] || git diff --name-only "$base" -- '*.cpp' '*.h' '*.proto' | sed 's|/[^/]*$||' | sort -u)
    for name in "${all[@]}"; do
        folders=$(ninja -C build/fuzz -t inputs "$name" | sed -n "s|^$root/\(.*\)/[^/]*\.cpp\$|\1|p" | sort -u)
        if [[ $name == "$turn" || -n $(comm -12 <(printf '%s\n' "$changed") <(printf '%s\n' "$folders")) ]]; then
            printf '%s\n' "$name"
        fi
    done
}

fuzz() {
    setup --dev
    cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DWATCHFIRE_FUZZ=ON \
        -DWATCHFIRE_SANITIZE=address,undefined,fuzzer-no-link -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        > build/fuzz.configure.log || die 'configuring failed'
    local targets=(fuzzers) seconds=${1:-60} seed=${2:-}
    if [[ ${1:-} == --changed ]]; then
        mapfile -t targets < <(fuzz_changed "${2:-$(base)}")
        # Two at a time; a minute each, less where they are many. The seed is the commit's own, so
        # that the same commit fares the same.
        seconds=$((240 / ${#targets[@]})) seed=$(git rev-list --count HEAD)
        ((seconds <= 60)) || seconds=60
        # What is compiled now is found in the compiler cache next time, so it gets there.
        local rc=0
        timeout "${WATCHFIRE_FUZZ_BUILD_SECONDS:-120}" cmake --build build/fuzz --parallel "$jobs" --target "${targets[@]}" || rc=$?
        if ((rc == 124)); then
            say "SKIPPED-LOUDLY: fuzzing (${targets[*]}): compiling it took too long; the next run begins where this one stopped"
            return 0
        fi
        ((rc == 0)) || die 'building the fuzz targets failed'
        targets=("${targets[@]/#/build/fuzz/bin/}")
    else
        cmake --build build/fuzz --parallel "$jobs" --target fuzzers
        targets=(build/fuzz/bin/fuzz_*)
    fi
    mkdir -p build/corpus
    export -f fuzz_one say die
    printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} bash -c "fuzz_one {} $seconds $seed"
}

shots() {
    setup
    build release watchfire
    local out=${1:-$root/build/shots}
    mkdir -p "$out"
    for scheme in light dark; do
        local profile
        profile=$(mktemp -d)
        with_display build/release/bin/watchfire --profile "$profile" --color-scheme "$scheme" \
            --shots "$out" --after 60
        rm -rf "$profile"
    done
    ls -l "$out"
}

package() {
    setup
    say 'what desktops and software centres read'
    desktop-file-validate packaging/linux/watchfire.desktop
    appstreamcli validate --no-net packaging/linux/io.github.watchfire.Watchfire.metainfo.xml
    build release watchfire watchfirectl
    rm -f build/release/*.deb
    (cd build/release && cpack -G DEB)
    local made
    made=$(ls build/release/*.deb)
    dpkg-deb --info "$made"
    say "$made"
}

mkdir -p build
verb=${1:-help}
shift || true
case $verb in
run) run "$@" ;;
test) run_tests "$@" ;;
setup) setup "$@" ;;
peers) packaging/peers.sh again ;;
build) setup; build "${1:-dev}" ;;
bench) bench "$@" ;;
asan | tsan) sanitized "$verb" "$@" ;;
lint) lint "$@" ;;
fuzz) fuzz "$@" ;;
shots) shots "$@" ;;
package) package ;;
help | -h | --help) sed -n '5,/^set -e/{/^set -e/d;s/^# \{0,1\}//;p}' "$0" ;;
*) die "unknown verb '$verb' (try help)" ;;
esac

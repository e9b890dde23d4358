# shellcheck shell=bash
# Builds the services with CMake and the dashboard with npm, each only when something changed.

readonly SERVICES=(gateway connector order-ingest product-mapper inventory placement)

# quietly LOG COMMAND …: the output goes to the log, and to the screen only when the command fails.
quietly() {
    local log=$1
    shift
    make_folder 0755 "$VAR" "$VAR/log"
    if ! "$@" >"$VAR/log/$log" 2>&1; then
        tail -n 60 "$VAR/log/$log" >&2
        die "failed: $*  (all of it: var/log/$log)"
    fi
}

# build_native PRESET [TARGET …]
build_native() {
    local preset=$1 began
    shift
    began=$(now_ms)
    (cd "$SAMPAN_ROOT" && quietly "configure-$preset.log" cmake --preset "$preset")
    (cd "$SAMPAN_ROOT" && quietly "build-$preset.log" cmake --build "build/$preset" -j "$(nproc)" ${1:+--target "$@"})
    note "build: $preset up to date after $((($(now_ms) - began + 500) / 1000)) s"
}

web_sources() {
    find "$WEB" \( -name node_modules -o -name dist \) -prune -o -type f "$@" -print -quit
}

# fetch_modules LOG WHOSE: what package.json of this folder asks for.
fetch_modules() {
    [ node_modules/.package-lock.json -nt package-lock.json ] && return
    note "build: fetching the libraries of the $2"
    # Not `npm ci`: it refuses a lock file without the optional builds for platforms that nobody here runs on.
    quietly "$1-modules.log" npm install --no-save --ignore-scripts --no-audit --no-fund
    touch node_modules/.package-lock.json
}

# in_web COMMAND …: in the dashboard's folder, with Node and its libraries there.  A shell of its own, so that a machine
# without a way to npm's registry costs the dashboard and nothing else.
in_web() (
    setup_node && cd "$WEB" && fetch_modules web dashboard && "$@"
)

build_web() {
    [ -f "$WEB/package.json" ] || return 0
    if [ -f "$WEB/dist/index.html" ] && [ -z "$(web_sources -newer "$WEB/dist/index.html")" ]; then
        return 0
    fi
    note "build: the dashboard"
    in_web quietly web-build.log npm run build || return
    touch "$WEB/dist/index.html"
}

# Only what runs: the programs, not their tests.
build_services() {
    build_native release "${SERVICES[@]/#/sampan-}" sampan-sandbox
    build_web || note "build: the dashboard could not be built (see above); going on without it, the API is all there"
}

build_command() {
    local preset=${1:-release}
    if [ "$preset" != web ]; then
        setup_packages
        setup_test_tools # the tests are built too
        build_native "$preset"
    fi
    case $preset in release | web) build_web ;; esac
}

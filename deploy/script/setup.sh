# shellcheck shell=bash
# Installs what a bare Debian 12 lacks, from Debian's packages, and Node for the dashboard.

readonly BUILD_PACKAGES="cmake ninja-build gcc libc6-dev python3 pkg-config libzmq3-dev libczmq-dev libmsgpack-dev
    libcurl4-openssl-dev libpq-dev libmicrohttpd-dev libsodium-dev libssl-dev libzip-dev libexpat1-dev
    libxlsxwriter-dev libpng-dev libjpeg62-turbo-dev libseccomp-dev libcriterion-dev postgresql-15 postgresql-contrib clang-format curl ca-certificates procps util-linux"
readonly TEST_PACKAGES="docker-compose" # its schema judges compose.yaml; no engine comes with it
readonly TOOLS=$VAR/tools               # where the tests look for promtool before PATH
readonly WEB=$SAMPAN_ROOT/services/gateway/web
readonly NODE_MAJOR=22 # the dashboard needs 20 or newer; Debian 12 has 18

package_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing_packages() {
    local package
    for package in "$@"; do
        package_installed "$package" || printf '%s ' "$package"
    done
}

# Runs a command as root, or says what a person must run.
as_root() {
    if is_root; then
        "$@"
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo "$@"
    else
        die "this needs root, and sudo is not usable here.  As root, run:  $*"
    fi
}

apt_install() {
    local log
    log=$(mktemp)
    if ! { as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "apt-get could not install: $*"
    fi
    rm -f "$log"
}

# Debian starts a server of its own when PostgreSQL is installed; nobody asked for that one.
install_postgres_quietly() {
    package_installed postgresql-15 && return
    package_installed postgresql-common || apt_install postgresql-common
    as_root sed -i 's/^#\? *create_main_cluster *=.*/create_main_cluster = false/' \
        /etc/postgresql-common/createcluster.conf
}

# install_missing PACKAGE …
install_missing() {
    local missing
    command -v dpkg-query >/dev/null || die "setup knows Debian only; docs/operators.md lists what is needed"
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return
    note "setup: installing $missing"
    install_postgres_quietly
    # shellcheck disable=SC2086
    apt_install $missing
}

# shellcheck disable=SC2086 # a list of words
setup_packages() { install_missing $BUILD_PACKAGES; }

# Prometheus' judge of metrics, out of Debian's package: installed, that would start a server nobody asked for.
setup_promtool() {
    local folder
    [ -x "$TOOLS/promtool" ] || command -v promtool >/dev/null && return
    note "setup: fetching promtool into var/tools"
    make_folder 0755 "$VAR" "$VAR/log" "$TOOLS"
    folder=$(mktemp -d "$TOOLS/fetch.XXXXXX")
    (cd "$folder" && quietly promtool.log fetch_promtool) || {
        rm -rf "$folder"
        exit 1
    }
    mv "$folder/usr/bin/promtool" "$TOOLS/promtool"
    rm -rf "$folder"
}

# In a folder of its own.
fetch_promtool() {
    apt-get download -qq prometheus || { as_root apt-get update -qq && apt-get download -qq prometheus; } || return
    dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool
}

# What building does not need, and the tests do.
setup_test_tools() {
    # shellcheck disable=SC2086
    install_missing $TEST_PACKAGES
    setup_promtool
}

node_major() { node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p'; }

# Puts a Node that can build the dashboard on the PATH; a private one in var/node when Debian's is too old.
setup_node() {
    local major
    major=$(node_major)
    if [ "${major:-0}" -ge 20 ] && command -v npm >/dev/null; then
        return
    fi
    if [ ! -x "$VAR/node/node_modules/.bin/node" ]; then
        command -v npm >/dev/null || { note "setup: installing npm" && apt_install npm; }
        note "setup: fetching Node $NODE_MAJOR into var/node"
        make_folder 0755 "$VAR" "$VAR/node"
        npm install --no-audit --no-fund --no-save --fetch-retries=1 --fetch-retry-mintimeout=1000 \
            --prefix "$VAR/node" "node@$NODE_MAJOR" >"$VAR/node/install.log" 2>&1 ||
            die "npm could not fetch Node $NODE_MAJOR: $(tail -n 5 "$VAR/node/install.log" | grep -m1 reason)"
    fi
    PATH=$VAR/node/node_modules/.bin:$PATH
    [ "$(node_major)" = "$NODE_MAJOR" ] || die "the private Node in var/node does not run; remove var/node and try again"
}

setup_command() {
    case ${1:-} in
    '')
        setup_packages
        setup_test_tools
        if [ -f "$WEB/package.json" ]; then (setup_node) || note "setup: going on without what builds the dashboard"; fi
        ;;
    --secrets) compose_secrets ;; # a machine that only runs containers needs no compilers
    *) die "setup knows --secrets only" ;;
    esac
}

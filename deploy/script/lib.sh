# shellcheck shell=bash
# What every part of the script uses: messages, private folders, processes that end with the script.

readonly VAR=$SAMPAN_ROOT/var
readonly PORT_SHIFT=${PORT_SHIFT:-0}

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }
die() {
    printf 'sampan: %s\n' "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# make_folder MODE PATH…: private folders of this checkout.
make_folder() {
    local mode=$1
    shift
    mkdir -p "$@"
    chmod "$mode" "$@"
}

random_hex() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# write_secret PATH TEXT: readable by its owner alone, replaced as a whole.
write_secret() {
    local old
    old=$(umask)
    umask 077
    printf '%s' "$2" >"$1.new"
    umask "$old"
    chmod 0400 "$1.new"
    mv -f "$1.new" "$1"
}

# percent_encode TEXT: for a place in a URL.
percent_encode() {
    local LC_ALL=C i
    for ((i = 0; i < ${#1}; i++)); do
        case ${1:i:1} in
        [A-Za-z0-9._~/-]) printf '%s' "${1:i:1}" ;;
        *) printf '%%%02X' "'${1:i:1}" ;;
        esac
    done
}

# keep_secret PATH BYTES: makes a random one when there is none yet.
keep_secret() { [ -s "$1" ] || write_secret "$1" "$(random_hex "$2")"; }

now_ms() { date +%s%3N; }

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# What must be undone when the script ends, however it ends (all but kill -9, which the next start mends).
cleanup_steps=()
run_cleanup() {
    local status=$? i
    trap - EXIT
    trap '' INT TERM
    for ((i = ${#cleanup_steps[@]} - 1; i >= 0; i--)); do
        ${cleanup_steps[i]} || true
    done
    exit "$status"
}
trap run_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
at_exit() { cleanup_steps+=("$1"); }

# A process we started is remembered as "<pid> <start time>" in var/run/<name>.pid: a number alone may have
# been given to somebody else's process since.
process_born() { awk '{ sub(/.*\) /, ""); print $20 }' "/proc/$1/stat" 2>/dev/null; }
remember_process() { printf '%s %s\n' "$2" "$(process_born "$2")" >"$VAR/run/$1.pid"; }
remembered_process() {
    local pid born
    read -r pid born 2>/dev/null <"$VAR/run/$1.pid" || return 1
    [ -n "$born" ] && [ "$(process_born "$pid")" = "$born" ] && printf '%s' "$pid"
}

# end_process NAME [SECONDS]: SIGTERM, and SIGKILL when that was not enough.
end_process() {
    local pid deadline
    if pid=$(remembered_process "$1"); then
        kill -TERM "$pid" 2>/dev/null || true
        deadline=$((SECONDS + ${2:-30}))
        while remembered_process "$1" >/dev/null && ! process_is_zombie "$pid"; do
            ((SECONDS < deadline)) || kill -KILL "$pid" 2>/dev/null || true
            sleep 0.05
        done
    fi
    rm -f "$VAR/run/$1.pid"
}
process_is_zombie() { grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }

# Only one demo, one test run, … at a time in one checkout.  Who holds it is a process, not a descriptor: children
# inherit descriptors and outlive a kill -9.
take_lock() {
    make_folder 0755 "$VAR" "$VAR/run"
    (
        flock 9
        if remembered_process "$1-script" >/dev/null; then
            die "another ./sampan $1 is running in this checkout"
        fi
        remember_process "$1-script" $$
    ) 9>"$VAR/run/$1.lock"
}

# part_command NAME PROGRAM …: a command that another folder of the tree provides.
part_command() {
    local name=$1 program=$SAMPAN_ROOT/$2
    shift 2
    [ -x "$program" ] || die "'$name' needs ${program#"$SAMPAN_ROOT"/}, which is not in this checkout"
    trap - EXIT
    exec "$program" "$@"
}

# shellcheck shell=bash
# A private PostgreSQL in var/: started for one command, stopped with it.
#
#   pg_start NAME PORT [SETTING …] makes (when there is none) and starts the cluster NAME
#   pg_stop                       ends the one that pg_start started
#   pg_forget NAME                removes the cluster's files
#   pg_superuser_url [DATABASE]   an address with every right
#
# PostgreSQL refuses to run as root, so root runs it as the user postgres.

readonly PG_BIN=/usr/lib/postgresql/15/bin
PG_NAME="" PG_PORT="" PG_DATA="" PG_SOCKET=""

as_postgres() {
    if is_root; then
        setpriv --reuid postgres --regid postgres --init-groups -- env HOME=/ "$@"
    else
        "$@"
    fi
}

# Where the clusters live: var/, unless the user postgres cannot get there (a checkout below /root).
pg_home() {
    make_folder 0755 "$VAR"
    if ! is_root || as_postgres test -x "$VAR"; then
        printf '%s' "$VAR"
        return
    fi
    local elsewhere
    elsewhere=/var/lib/sampan-$(printf '%s' "$SAMPAN_ROOT" | cksum | cut -d' ' -f1)
    make_folder 0755 "$elsewhere"
    printf '%s' "$elsewhere"
}

pg_own() { if is_root; then chown postgres: "$@"; fi; }

# The socket's path may have 107 bytes; deep checkouts get a short one in /tmp.
pg_socket_folder() {
    local folder=$1/run/pg
    if ((${#folder} > 85)); then
        folder=/tmp/sampan-$(id -u)-$(printf '%s' "$1" | cksum | cut -d' ' -f1)
    fi
    make_folder 0700 "$folder"
    pg_own "$folder"
    printf '%s' "$folder"
}

pg_paths() {
    local home
    home=$(pg_home)
    make_folder 0755 "$VAR/run" "$VAR/log" "$home/run"
    make_folder 0700 "$VAR/secrets"
    PG_NAME=$1
    PG_DATA=$home/pg-$1
    [ "$1" = demo ] && PG_DATA=$home/pg
    PG_SOCKET=$(pg_socket_folder "$home")
}

pg_running() { as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" status >/dev/null 2>&1; }

pg_shared_buffers_mb() {
    local quarter
    quarter=$(awk '/^MemTotal/ { print int($2 / 4096) }' /proc/meminfo)
    echo $((quarter < 1024 ? quarter : 1024))
}

# What differs from PostgreSQL's defaults; read through `include` at the end of postgresql.conf.
pg_settings() {
    cat <<TEXT
listen_addresses = '127.0.0.1'
port = $PG_PORT
unix_socket_directories = '$PG_SOCKET'
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 200
shared_buffers = $(pg_shared_buffers_mb)MB
max_wal_size = 4GB
min_wal_size = 512MB
wal_compression = lz4
default_toast_compression = lz4
checkpoint_timeout = 15min
synchronous_commit = on
random_page_cost = 1.1
jit = off
timezone = UTC
log_timezone = UTC
log_line_prefix = '%m [%p] %q%u@%d '
log_lock_waits = on
TEXT
}

pg_init() {
    local password_file
    keep_secret "$VAR/secrets/postgres-$PG_NAME" 24
    [ -s "$PG_DATA/PG_VERSION" ] && return
    rm -rf "$PG_DATA"
    make_folder 0700 "$PG_DATA"
    password_file=$PG_SOCKET/password.$$
    (umask 077 && cat "$VAR/secrets/postgres-$PG_NAME" >"$password_file")
    pg_own "$PG_DATA" "$password_file"
    if ! (cd / && as_postgres "$PG_BIN/initdb" -D "$PG_DATA" -U postgres --auth=scram-sha-256 \
        --pwfile="$password_file" --locale=C.UTF-8 --lc-collate=C --encoding=UTF8 --no-sync) >"$VAR/log/initdb.log" 2>&1; then
        rm -rf "$PG_DATA" "$password_file"
        die "initdb failed: see var/log/initdb.log"
    fi
    rm -f "$password_file"
    printf "include = 'sampan.conf'\n" >>"$PG_DATA/postgresql.conf"
}

pg_start() {
    pg_paths "$1"
    PG_PORT=$2
    if pg_running; then
        note "postgres: stopping the one a killed run left behind"
        pg_stop
    fi
    port_taken "$PG_PORT" && die "port $PG_PORT is in use; PostgreSQL needs it (PORT_SHIFT=100 moves all ports)"
    pg_init
    { pg_settings && printf '%s\n' "${@:3}"; } >"$PG_DATA/sampan.conf"
    pg_own "$PG_DATA/sampan.conf"
    at_exit pg_stop
    # No -l: the log is opened here, by us, wherever it is.  pg_ctl gives the server a session of its own, so a
    # Ctrl-C at the terminal reaches the script first.
    (cd / && as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" -w -t 60 start) >>"$VAR/log/postgres-$1.log" 2>&1 ||
        die "PostgreSQL did not start: see var/log/postgres-$1.log"
}

pg_stop() {
    [ -n "$PG_DATA" ] && pg_running || return 0
    (cd / && as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" -w -t 60 -m fast stop) >/dev/null 2>&1 ||
        (cd / && as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" -w -m immediate stop) >/dev/null 2>&1
}

pg_forget() {
    pg_paths "$1"
    pg_stop
    rm -rf "$PG_DATA"
}

pg_superuser_url() {
    printf 'postgresql://postgres:%s@127.0.0.1:%s/%s' "$(cat "$VAR/secrets/postgres-$PG_NAME")" "$PG_PORT" "${1:-postgres}"
}

# pg_psql DATABASE …: as superuser; the password does not show in the list of processes.
pg_psql() {
    local database=$1
    shift
    PGPASSWORD=$(cat "$VAR/secrets/postgres-$PG_NAME") "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$PG_PORT" -U postgres -d "$database" "$@"
}

#!/usr/bin/env bash
# A PostgreSQL server of its own, just promoted from standby and not yet past the checkpoint that follows:
#   promoted.sh start FOLDER    its data and its socket are in there
#   promoted.sh stop FOLDER
set -euo pipefail
readonly FOLDER=$2 BIN=/usr/lib/postgresql/15/bin

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid postgres --regid postgres --init-groups -- env HOME=/ "$@"
    else
        "$@"
    fi
}

control() { as_postgres "$BIN/pg_ctl" -D "$FOLDER/data" -l "$FOLDER/log" -w "$@" >/dev/null; }
ask() { as_postgres "$BIN/psql" -XqAt -v ON_ERROR_STOP=1 -h "$FOLDER" -U postgres -c "$1" postgres; }

start() {
    if [ "$(id -u)" = 0 ]; then chown postgres: "$FOLDER"; fi
    as_postgres "$BIN/initdb" -D "$FOLDER/data" -U postgres -A trust --no-sync >/dev/null
    printf "listen_addresses = ''\nunix_socket_directories = '%s'\nfsync = off\n" "$FOLDER" |
        as_postgres tee -a "$FOLDER/data/postgresql.conf" >/dev/null
    control start
    ask 'CREATE TABLE incarnation (raised bigint NOT NULL); INSERT INTO incarnation VALUES (0)'
    control stop
    as_postgres touch "$FOLDER/data/standby.signal"
    control start
    # The checkpoint never comes: it is what writes the new timeline into the control file.
    ask "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'" >"$FOLDER/checkpointer"
    kill -STOP "$(cat "$FOLDER/checkpointer")"
    ask 'SELECT pg_promote(true, 30)' >/dev/null
}

stop() {
    kill -CONT "$(cat "$FOLDER/checkpointer")"
    control stop -m immediate
    rm -rf "${FOLDER:?}"
}

cd /
"$1"

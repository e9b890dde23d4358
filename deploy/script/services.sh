# shellcheck shell=bash
# The services on one machine: their keys, databases and settings, starting them, waiting for them, ending them.

readonly BIN=$SAMPAN_ROOT/build/release/bin
readonly HOST=127.0.0.1
readonly GATEWAY_PORT=$((8080 + PORT_SHIFT)) SANDBOX_PORT=$((8090 + PORT_SHIFT)) DEMO_PG_PORT=$((5440 + PORT_SHIFT))
readonly READY_SECONDS=60
readonly GATEWAY_URL=http://$HOST:$GATEWAY_PORT SANDBOX_URL=http://$HOST:$SANDBOX_PORT
readonly TRUTH_LOG=$VAR/log/truth.ndjson

# Replicas are named inventory, inventory-2, inventory-3, …
declare -A SERVICE_REPLICAS=() # how many of a service run, where it is not one
service_of() { printf '%s' "${1%-[2-9]}"; }
replicas_of() {
    local number
    printf '%s\n' "$1"
    for ((number = 2; number <= ${SERVICE_REPLICAS[$1]:-1}; number++)); do printf '%s\n' "$1-$number"; done
}
all_replicas() {
    local service
    for service in "${SERVICES[@]}"; do replicas_of "$service"; done
}

# The place of a service in SERVICES gives its ports: bus 7200 + n, admin 7100 + n, each further replica 20 more.
service_number() {
    local i service replica=1
    service=$(service_of "$1")
    [ "$service" = "$1" ] || replica=${1##*-}
    for i in "${!SERVICES[@]}"; do
        [ "${SERVICES[i]}" = "$service" ] && echo $((i + 20 * (replica - 1))) && return
    done
    die "there is no service '$1'"
}
bus_port() { echo $((7200 + PORT_SHIFT + $(service_number "$1"))); }
admin_port() { echo $((7100 + PORT_SHIFT + $(service_number "$1"))); }

# Secrets and databases ------------------------------------------------------------------------------------

service_secrets() {
    make_folder 0755 "$VAR"
    make_folder 0700 "$VAR/secrets" "$VAR/designs"
    keep_secret "$VAR/secrets/master_key" 32
    keep_secret "$VAR/secrets/tiktok_app_secret" 32
    "$SAMPAN_ROOT/deploy/keys/make-keys" "$VAR/keys" "${SERVICES[@]}"
}

# create_databases: for every service on the server that pg_start started; the addresses go to var/secrets.  Services
# on this machine come by the socket: a statement costs less than over TCP.
create_databases() {
    local service name owner_password app_password address
    for service in "${SERVICES[@]}"; do
        name=${service//-/_}
        keep_secret "$VAR/secrets/$service.owner_password" 24
        keep_secret "$VAR/secrets/$service.password" 24
        owner_password=$(cat "$VAR/secrets/$service.owner_password")
        app_password=$(cat "$VAR/secrets/$service.password")
        OWNER_PASSWORD=$owner_password APP_PASSWORD=$app_password \
            pg_psql postgres -v name="$name" -f "$SAMPAN_ROOT/deploy/database/service.sql" >/dev/null
        address="/$name?host=$(percent_encode "$PG_SOCKET")&port=$PG_PORT"
        write_secret "$VAR/secrets/$service.database_url" "postgresql://$name:$app_password@$address"
        write_secret "$VAR/secrets/$service.owner_database_url" "postgresql://${name}_owner:$owner_password@$address"
    done
}

# Settings ---------------------------------------------------------------------------------------------------

peer_addresses() {
    local replica addresses=""
    for replica in $(replicas_of "$1"); do addresses+=,$HOST:$(bus_port "$replica"); done
    printf '%s' "${addresses#,}"
}

# What every service is told, one NAME=value a line.  A clean environment: nothing of the caller's leaks in.
common_settings() {
    local peer name
    cat <<TEXT
PATH=/usr/bin:/bin
LANG=C.UTF-8
SAMPAN_DATABASE_URL_FILE=$VAR/secrets/$(service_of "$1").database_url
SAMPAN_BUS_BIND=tcp://$HOST:$(bus_port "$1")
SAMPAN_ADMIN_BIND=$HOST:$(admin_port "$1")
SAMPAN_KEYS_DIR=$VAR/keys
SAMPAN_LOG_LEVEL=${LOG_LEVEL:-info}
TEXT
    for peer in "${SERVICES[@]}"; do
        name=${peer^^}
        echo "SAMPAN_PEER_${name//-/_}=$(peer_addresses "$peer")"
    done
}

# Who seals and who opens tokens and buyers' data; nobody else has the key.
sealing_settings() { echo "SAMPAN_MASTER_KEY_FILE=$VAR/secrets/master_key"; }

connector_settings() {
    sealing_settings
    cat <<TEXT
SAMPAN_TIKTOK_APP_KEY=demo-app
SAMPAN_TIKTOK_APP_SECRET_FILE=$VAR/secrets/tiktok_app_secret
SAMPAN_TIKTOK_SERVICE_ID=demo-service
SAMPAN_TIKTOK_CALL_RATE=4000
SAMPAN_TIKTOK_API_URL=$SANDBOX_URL
SAMPAN_TIKTOK_AUTH_URL=$SANDBOX_URL
SAMPAN_TIKTOK_CONSENT_URL=$SANDBOX_URL/open/authorize
SAMPAN_TIKTOK_CONSENT_US_URL=$SANDBOX_URL/open/authorize
TEXT
}

gateway_settings() {
    cat <<TEXT
SAMPAN_HTTP_BIND=$HOST:$GATEWAY_PORT
SAMPAN_PUBLIC_URL=$GATEWAY_URL
SAMPAN_WEB_DIR=$WEB/dist
SAMPAN_DESIGN_DIR=$VAR/designs
TEXT
}

sandbox_settings() {
    cat <<TEXT
PATH=/usr/bin:/bin
LANG=C.UTF-8
SAMPAN_SANDBOX_BIND=$HOST:$SANDBOX_PORT
SAMPAN_SANDBOX_SEED=${SEED:-1}
SAMPAN_SANDBOX_APP_KEY=demo-app
SAMPAN_SANDBOX_APP_SECRET_FILE=$VAR/secrets/tiktok_app_secret
SAMPAN_SANDBOX_SERVICE_ID=demo-service
SAMPAN_SANDBOX_REDIRECT_URL=$GATEWAY_URL/oauth/tiktok/callback
SAMPAN_SANDBOX_WEBHOOK_URL=$GATEWAY_URL/hooks/tiktok
SAMPAN_SANDBOX_INVOICES=${INVOICES:-$SAMPAN_ROOT/services/sandbox/data/invoices.csv}
SAMPAN_SANDBOX_TRUTH_LOG=$TRUTH_LOG
TEXT
}

service_settings() {
    case $1 in
    sandbox) sandbox_settings ;;
    *)
        common_settings "$1"
        case $(service_of "$1") in
        connector) connector_settings ;;
        order-ingest) sealing_settings ;;
        gateway) gateway_settings ;;
        esac
        ;;
    esac
}

# Running ----------------------------------------------------------------------------------------------------

migrate_services() {
    local service settings pids=() i
    for service in "${SERVICES[@]}"; do
        mapfile -t settings < <(service_settings "$service")
        env -i "${settings[@]}" SAMPAN_OWNER_DATABASE_URL_FILE="$VAR/secrets/$service.owner_database_url" \
            "$(service_program "$service")" migrate >"$VAR/log/$service-migrate.log" 2>&1 &
        pids+=($!)
    done
    for i in "${!pids[@]}"; do
        wait "${pids[i]}" || {
            tail -n 20 "$VAR/log/${SERVICES[i]}-migrate.log" >&2
            die "${SERVICES[i]} migrate failed: see var/log/${SERVICES[i]}-migrate.log"
        }
    done
}

declare -A service_began=() service_ready_ms=()
declare -A SERVICE_PROGRAM=() # a bench may put another program in a service's place

service_program() {
    local service
    service=$(service_of "$1")
    printf '%s' "${SERVICE_PROGRAM[$service]:-$BIN/sampan-$service}"
}

service_start() {
    local service=$1 settings
    mapfile -t settings < <(service_settings "$service")
    service_began[$service]=$(now_ms)
    # Its own session: a Ctrl-C at the terminal reaches the script, which ends the services in order.
    setsid env -i "${settings[@]}" "$(service_program "$service")" run >"$VAR/log/$service.log" 2>&1 </dev/null &
    remember_process "$service" $!
}

service_answers() {
    case $1 in
    sandbox) curl -fs -m 2 -o /dev/null "$SANDBOX_URL/sandbox/truth" ;;
    *) curl -fs -m 2 -o /dev/null "http://$HOST:$(admin_port "$1")/readyz" ;;
    esac
}

# services_wait NAME …: until each is ready; says how long each took.
services_wait() {
    local waiting=("$@") service left deadline=$((SECONDS + READY_SECONDS))
    while ((${#waiting[@]})); do
        left=()
        for service in "${waiting[@]}"; do
            if service_answers "$service"; then
                service_ready_ms[$service]=$(($(now_ms) - service_began[$service]))
                note "$(printf '  %-15s ready after %4d ms' "$service" "${service_ready_ms[$service]}")"
            elif ! remembered_process "$service" >/dev/null || ((SECONDS >= deadline)); then
                tail -n 20 "$VAR/log/$service.log" >&2
                die "$service did not become ready: see var/log/$service.log"
            else
                left+=("$service")
            fi
        done
        waiting=(${left[@]+"${left[@]}"})
        if ((${#waiting[@]})); then sleep 0.02; fi
    done
}

# services_slow MS: those that services_wait saw become ready later than that; the local shop is nobody's to wait for.
services_slow() {
    local service
    for service in $(all_replicas); do
        if ((${service_ready_ms[$service]:-0} > $1)); then echo "$service"; fi
    done
}

# Ends every process of this checkout that a run left behind or is running; the gateway first, so that nothing new
# comes in.
services_stop() {
    local service file
    for service in "${SERVICES[@]}" sandbox; do
        for file in "$VAR/run/$service".pid "$VAR/run/$service"-[2-9].pid; do
            if [ -e "$file" ]; then end_process "$(basename "$file" .pid)"; fi
        done
    done
}

services_check_ports() {
    local service port
    for service in $(all_replicas); do
        for port in "$(bus_port "$service")" "$(admin_port "$service")"; do
            port_taken "$port" && die "port $port is in use; $service needs it (PORT_SHIFT=100 moves all ports)"
        done
    done
    for port in "$GATEWAY_PORT" "$SANDBOX_PORT"; do
        port_taken "$port" && die "port $port is in use (PORT_SHIFT=100 moves all ports)"
    done
    return 0
}

# Databases in which nothing has happened yet, and a marketplace of which nothing is told yet.
fresh_databases() {
    service_secrets
    pg_forget "$1"
    rm -f "$TRUTH_LOG"
    pg_start "$1" "$DEMO_PG_PORT"
    create_databases
    migrate_services
}

# The whole system from nothing: a fresh cluster, databases, keys, tables, processes.
system_start() {
    local name=$1 service processes
    services_stop
    services_check_ports
    note "start: PostgreSQL"
    fresh_databases "$name"
    note "start: services"
    at_exit services_stop
    mapfile -t processes < <(echo sandbox && all_replicas)
    for service in "${processes[@]}"; do
        service_start "$service"
    done
    services_wait "${processes[@]}"
}

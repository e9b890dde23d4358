#!/usr/bin/env bash
# ./sampan faults --seed N --seconds S [--rate R] [--mutant 1|2|3 | --mutants]: kills and cuts under load, then counts.
set -euo pipefail

SAMPAN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly SAMPAN_ROOT
for part in lib setup build postgres services; do
    # shellcheck source-path=SCRIPTDIR source=/dev/null
    . "$SAMPAN_ROOT/deploy/script/$part.sh"
done

readonly FAULTS=$SAMPAN_ROOT/tests/faults

# The settings of each service, for the supervisor: it starts and kills the processes itself.
write_settings() {
    local service
    rm -rf "$VAR/faults/settings"
    mkdir -p "$VAR/faults/settings"
    for service in sandbox "${SERVICES[@]}"; do
        service_settings "$service" >"$VAR/faults/settings/$service"
    done
}

# one_run PRESET OPTION …: a fresh database each time.
one_run() {
    local preset=$1 status=0
    shift
    build_native "$preset" "${SERVICES[@]/#/sampan-}" sampan-sandbox
    services_stop
    service_secrets
    pg_forget faults
    pg_start faults "$DEMO_PG_PORT"
    create_databases
    migrate_services
    LOG_LEVEL=warn INVOICES= write_settings
    python3 "$FAULTS/faults.py" --bin "$SAMPAN_ROOT/build/$preset/bin" --settings "$VAR/faults/settings" \
        --var "$VAR/faults" --superuser "$(pg_superuser_url)" --pg-data "$PG_DATA" "$@" || status=$?
    pg_stop
    return "$status"
}

main() {
    local mutants=() options=() status=0 mutant
    while (($#)); do
        case $1 in
        --mutants) mutants=(1 2 3) ;;
        --mutant)
            mutants=("$2")
            shift
            ;;
        *) options+=("$1") ;;
        esac
        shift
    done
    take_lock faults
    setup_packages
    build_native release "${SERVICES[@]/#/sampan-}"
    if ((${#mutants[@]} == 0)); then
        one_run faults ${options[@]+"${options[@]}"}
        return
    fi
    for mutant in "${mutants[@]}"; do
        if one_run "mutant-$mutant" ${options[@]+"${options[@]}"}; then
            note "mutant $mutant was NOT caught"
            status=1
        else
            note "mutant $mutant was caught"
        fi
    done
    return "$status"
}

main "$@"

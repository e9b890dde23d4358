#!/usr/bin/env bash
# ./sampan faults --seed N --seconds S [--rate R] [--mutant 1|2|3 | --mutants]: kills and cuts under load, then counts.
set -euo pipefail

SAMPAN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly SAMPAN_ROOT
for part in lib setup build postgres services; do
    # shellcheck source-path=SCRIPTDIR source=/dev/null
    . "$SAMPAN_ROOT/deploy/script/$part.sh"
done

readonly FAULTS=$SAMPAN_ROOT/tests/faults FOUND=3 # faults.py's exit code for findings

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

# caught MUTANT OPTION …: a wrong protocol must be noticed by what the checker finds, not by taking long or falling over.
caught() {
    local mutant=$1 status=0
    shift
    one_run "mutant-$mutant" "$@" || status=$?
    if ((status == FOUND)); then
        note "mutant $mutant was caught"
    else
        note "mutant $mutant was NOT caught (status $status)"
        return 1
    fi
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
        caught "$mutant" ${options[@]+"${options[@]}"} || status=1
    done
    return "$status"
}

main "$@"

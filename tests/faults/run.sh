#!/usr/bin/env bash
# ./sampan faults --seed N --seconds S [--rate R] [--mutant 1|2|3 | --mutants]: kills and cuts under load, then counts.
# ./sampan faults --backfill N: a history of N orders, page faults, kills of the connector, certificates.
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
    fresh_databases faults
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

# backfill ORDERS: the test of tests/e2e with so many of them, on a server that flushes.
backfill() {
    local programs="" service
    local services=("${SERVICES[@]}" sandbox)
    build_native release "${services[@]/#/sampan-}"
    pg_forget faults
    pg_start faults "$DEMO_PG_PORT"
    for service in "${services[@]}"; do programs+=,$SAMPAN_ROOT/build/release/bin/sampan-$service; done
    (
        cd "$SAMPAN_ROOT/tests"
        IFS=,
        BACKFILL_ORDERS=$1 SAMPAN_TEST_DATABASE_URL=$(pg_superuser_url) PYTHONDONTWRITEBYTECODE=1 \
            PYTHONPATH=support:gateway:faults:bench:$SAMPAN_ROOT/deploy/demo \
            python3 e2e/test_backfill.py --services "${services[*]}" --programs "${programs#,}" \
            --keys "$SAMPAN_ROOT/deploy/keys/make-keys"
    )
}

main() {
    if [ "${1:-}" = --backfill ]; then
        take_lock faults
        setup_packages
        backfill "${2:-100000}"
        return
    fi
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

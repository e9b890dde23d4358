#!/usr/bin/env bash
# ./sampan bench [pipeline] [latency] [ingress] [pull] [hot-sku] [memory] [reads]: each figure beside the baseline of the same run.
set -euo pipefail

SAMPAN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly SAMPAN_ROOT
for part in lib setup build postgres services; do
    # shellcheck source-path=SCRIPTDIR source=/dev/null
    . "$SAMPAN_ROOT/deploy/script/$part.sh"
done

readonly BENCH=$SAMPAN_ROOT/tests/bench
readonly BENCHES="pipeline hot-sku memory reads pull latency ingress"
readonly BENCH_PACKAGES=libjsmn-dev # what reading a page is compared with
readonly BENCH_INVOICES=${INVOICES:-$SAMPAN_ROOT/tests/data/retail/invoices.csv}
readonly START_MS=1000 # from a process's start to ready, the server being there
MISSED=0

start_all() {
    local slow
    LOG_LEVEL=warn system_start bench
    slow=$(services_slow "$START_MS")
    if [ -n "$slow" ]; then
        note "bench: not ready within $START_MS ms: ${slow//$'\n'/, }"
        MISSED=1
    fi
}

# A missed target ends the script badly, and the other figures are measured all the same.
measure() {
    python3 "$BENCH/bench.py" --bin "$BIN" --gateway "$GATEWAY_URL" --sandbox "$SANDBOX_URL" \
        --gateway-log "$VAR/log/gateway.log" --run "$VAR/run" --superuser "$(pg_superuser_url)" --report "$VAR/bench" \
        --app-secret "$VAR/secrets/tiktok_app_secret" --port-shift "$PORT_SHIFT" --invoices "$BENCH_INVOICES" "$@" || MISSED=1
}

# Facts are injected where the connector would emit them, so the figure is the pipeline's, not the marketplace's.
with_injector() {
    SERVICE_PROGRAM[connector]=$BIN/sampan-injector
    start_all
    measure "$@"
    services_stop
    pg_stop
    unset 'SERVICE_PROGRAM[connector]'
}

with_three_replicas() {
    SERVICE_REPLICAS=([inventory]=3 [placement]=3)
    with_injector "$@"
    SERVICE_REPLICAS=()
}

with_marketplace() {
    INVOICES=$BENCH_INVOICES start_all
    measure "$@"
    services_stop
    pg_stop
}

main() {
    local wanted=("$@") real=() name
    # shellcheck disable=SC2206 # a list of words
    ((${#wanted[@]})) || wanted=($BENCHES)
    for name in "${wanted[@]}"; do
        [[ " $BENCHES " == *" $name "* ]] || die "there is no bench '$name': $BENCHES"
    done
    take_lock bench
    setup_packages
    install_missing "$BENCH_PACKAGES"
    build_services
    build_native release sampan-injector sampan-storm sampan-reader
    mkdir -p "$VAR/bench"
    for name in "${wanted[@]}"; do
        case $name in
        pipeline | memory | reads) with_injector "$name" ;;
        hot-sku) with_three_replicas hot-sku ;;
        *) real+=("$name") ;;
        esac
    done
    if ((${#real[@]})); then with_marketplace "${real[@]}"; fi
    return "$MISSED"
}

main "$@"

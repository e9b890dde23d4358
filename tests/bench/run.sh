#!/usr/bin/env bash
# ./sampan bench [pipeline] [latency] [ingress] [pull] [hot-sku]: each figure beside the baseline of the same run.
set -euo pipefail

SAMPAN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly SAMPAN_ROOT
for part in lib setup build postgres services; do
    # shellcheck source-path=SCRIPTDIR source=/dev/null
    . "$SAMPAN_ROOT/deploy/script/$part.sh"
done

readonly BENCH=$SAMPAN_ROOT/tests/bench

measure() {
    python3 "$BENCH/bench.py" --gateway "$GATEWAY_URL" --sandbox "$SANDBOX_URL" --gateway-log "$VAR/log/gateway.log" \
        --run "$VAR/run" --superuser "$(pg_superuser_url)" --report "$VAR/bench" \
        --app-secret "$VAR/secrets/tiktok_app_secret" --port-shift "$PORT_SHIFT" "$@"
}

# Facts are injected where the connector would emit them, so the figure is the pipeline's, not the marketplace's.
with_injector() {
    build_native release sampan-injector
    SERVICE_PROGRAM[connector]=$BIN/sampan-injector
    LOG_LEVEL=warn system_start bench
    measure "$@"
    services_stop
    pg_stop
    unset 'SERVICE_PROGRAM[connector]'
}

with_marketplace() {
    LOG_LEVEL=warn INVOICES=${INVOICES:-$SAMPAN_ROOT/tests/data/retail/invoices.csv} system_start bench
    measure "$@"
    services_stop
    pg_stop
}

main() {
    local wanted=("$@") injected=() real=() name
    ((${#wanted[@]})) || wanted=(pipeline hot-sku pull latency ingress)
    take_lock bench
    setup_packages
    build_services
    mkdir -p "$VAR/bench"
    for name in "${wanted[@]}"; do
        case $name in
        pipeline | hot-sku) injected+=("$name") ;;
        latency | ingress | pull) real+=("$name") ;;
        *) die "there is no bench '$name': pipeline, hot-sku, pull, latency, ingress" ;;
        esac
    done
    if ((${#injected[@]})); then with_injector "${injected[@]}"; fi
    if ((${#real[@]})); then with_marketplace "${real[@]}"; fi
}

main "$@"

# shellcheck shell=bash
# The whole system on this machine, beside a local TikTok Shop: ./sampan demo [--exit].

demo_command() {
    local leave=0 option status=0
    for option in "$@"; do
        case $option in
        --exit) leave=1 ;;
        *) die "demo knows --exit only" ;;
        esac
    done
    take_lock demo
    setup_packages
    build_services
    demo_steps_stop
    system_start demo
    demo_steps || status=$?
    if ((leave || status)); then
        return "$status"
    fi
    say "Running until Ctrl-C; logs are in var/log."
    demo_stay
}

# In the background, so that a signal to the script is not kept waiting, and remembered, so that a kill -9 of the script
# leaves nothing behind for long.
demo_steps() {
    python3 "$SAMPAN_ROOT/deploy/demo/demo.py" --gateway "$GATEWAY_URL" --sandbox "$SANDBOX_URL" \
        --gateway-log "$VAR/log/gateway.log" --password-file "$VAR/secrets/demo_password" &
    remember_process demo-steps $!
    at_exit demo_steps_stop
    wait $!
}
demo_steps_stop() { end_process demo-steps 2; }

# Until Ctrl-C, or until one of the processes has died.
demo_stay() {
    local service
    while sleep 2; do
        for service in "${SERVICES[@]}" sandbox; do
            remembered_process "$service" >/dev/null || die "$service has ended: see var/log/$service.log"
        done
    done
}

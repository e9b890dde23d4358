# shellcheck shell=bash
# All tests but the long ones, against a private PostgreSQL, and the layout of the code.

readonly TEST_PG_PORT=$((5441 + PORT_SHIFT))

# Puts Node on the PATH of the contract tests and fetches what they compare with; or says that they are left out.
setup_contract() {
    if (setup_node && cd "$SAMPAN_ROOT/tests/contract" && fetch_modules contract "contract tests"); then
        setup_node
    else
        note "test: LEFT OUT the contract tests: the vendor's description cannot be fetched here (see above)"
        return 1
    fi
}

run_web_tests() {
    local status
    [ -f "$WEB/package.json" ] || return 0
    if ! in_web true; then
        note "test: LEFT OUT the dashboard's tests: its libraries cannot be fetched here (see above)"
        return 0
    fi
    note "test: the dashboard"
    in_web npm test --silent -- --reporter=tap-flat >"$1/web.tap" 2>"$VAR/log/web-test.log" && status=0 || status=$?
    # A run that found no test, or fell over before it came to one, is a failure too.
    if ((status)) || ! grep -q '^ok' "$1/web.tap"; then
        tail -n 40 "$VAR/log/web-test.log" >&2
        grep '^not ok' "$1/web.tap" || echo "not ok - the dashboard's tests did not run to their end" | tee -a "$1/web.tap"
    fi
}

test_command() {
    local preset=asan results left_out=long
    if [ "${1:-}" = --tsan ]; then
        preset=tsan
        shift
    fi
    results=$SAMPAN_ROOT/build/$preset/tap
    take_lock test
    setup_packages
    setup_test_tools
    setup_contract || left_out="long|contract"
    build_native "$preset"
    rm -rf "$results"
    make_folder 0755 "$results"
    pg_forget test
    # The data is thrown away: what a power cut would do is asked elsewhere, and some hundred databases are made.
    pg_start test "$TEST_PG_PORT" "fsync = off" "full_page_writes = off"
    export SAMPAN_DATABASE_UNSAFE=true
    note "test: the services"
    SAMPAN_TEST_DATABASE_URL=$(pg_superuser_url) ctest --test-dir "$SAMPAN_ROOT/build/$preset" -LE "$left_out" -j "$(nproc)" \
        --no-tests=error --output-on-failure --output-junit "$results/ctest.xml" "$@" || true
    if [ "$preset" = asan ]; then run_web_tests "$results"; fi
    python3 "$SAMPAN_ROOT/tests/tidy/count.py" "$results"
}

c_sources() {
    find "$SAMPAN_ROOT"/{common,services,deploy,tests} -name node_modules -prune -o -name '*.[ch]' -print0
}

format_command() {
    local mode=(-i)
    if [ "${1:-}" = --check ]; then
        mode=(--dry-run -Werror)
    elif [ -n "${1:-}" ]; then
        die "format knows --check only"
    fi
    setup_packages
    c_sources | xargs -0 -r -n 40 clang-format "${mode[@]}"
}

/* The table of what the connector does without being asked. */
#include "services/connector/jobs.h"

/* Periods are for what nobody woke: retries, leases that ran out, time itself. */
const struct sp_job connector_jobs[] = {
    {"fetch-orders", 500, fetch_orders},
    {"pull-pages", 1000, pull_pages},
    {"read-statements", 5000, read_statements},
    {"push-stock", 1000, push_stock},
    {"probe-stock", 10000, probe_stock},
    {"register-hooks", 30000, register_hooks},
    {"renew-ciphers", 10000, renew_ciphers},
    {"advance-connects", 2000, advance_connects},
    {"refresh-tokens", 5000, refresh_tokens},
    {"review-grants", 60000, review_grants},
    {"measure-shops", 10000, measure_shops},
    {"run-tasks", 1000, run_tasks},
    {"forget-buyers", 600000, forget_buyers},
    {"open-days", 60000, open_days},
    {"list-days", 1000, list_days},
    {0},
};

#include "services/sandbox/settings.h"

const struct sp_setting sandbox_settings[] = {
    {"SAMPAN_SANDBOX_BIND", SP_SETTING_TEXT, "127.0.0.1:8090", 0, 0, NULL,
     "address and port of everything the sandbox serves"},
    {"SAMPAN_SANDBOX_SEED", SP_SETTING_INT, "1", 0, 1000000000, NULL,
     "the same seed makes the same shop"},
    {"SAMPAN_SANDBOX_SHOPS", SP_SETTING_INT, "1", 1, SANDBOX_SHOPS, NULL,
     "shops of the one seller; the first has the invoices"},
    {"SAMPAN_SANDBOX_WAREHOUSES", SP_SETTING_INT, "1", 1, CATALOGUE_WAREHOUSES, NULL,
     "warehouses that sell, in each shop"},
    {"SAMPAN_SANDBOX_PRODUCTS", SP_SETTING_INT, "200", 1, 50000, NULL,
     "products of a shop without invoices"},
    {"SAMPAN_SANDBOX_APP_KEY", SP_SETTING_TEXT, "demoappkey01", 0, 0, NULL, "the app's key"},
    {"SAMPAN_SANDBOX_APP_SECRET", SP_SETTING_SECRET, "demo-secret-000111222333", 0, 0, NULL,
     "what the app signs with"},
    {"SAMPAN_SANDBOX_SERVICE_ID", SP_SETTING_TEXT, "7172000000000000001", 0, 0, NULL,
     "names the app on the consent page"},
    {"SAMPAN_SANDBOX_REDIRECT_URL", SP_SETTING_TEXT, "http://127.0.0.1:8080/oauth/tiktok/callback",
     0, 0, NULL, "where a seller returns to"},
    {"SAMPAN_SANDBOX_WEBHOOK_URL", SP_SETTING_TEXT, "", 0, 0, NULL,
     "where webhooks go unless a shop has its own address; empty: nowhere"},
    {"SAMPAN_SANDBOX_WEBHOOK_RETRY", SP_SETTING_DURATION, "2s", 1, 86400000, NULL,
     "first retry of a webhook; then 15, 90 and 360 times as long (TikTok: 2m)"},
    {"SAMPAN_SANDBOX_CANCEL_WORD", SP_SETTING_CHOICE, "CANCEL", 0, 0, "CANCEL|CANCELLED",
     "what webhooks call a cancelled order"},
    {"SAMPAN_SANDBOX_INVOICES", SP_SETTING_TEXT, "", 0, 0, NULL,
     "CSV of real invoices for the first shop; empty: its goods are made up"},
    {"SAMPAN_SANDBOX_TRUTH_LOG", SP_SETTING_TEXT, "", 0, 0, NULL,
     "file to which all that was served and told is appended; empty: none"},
    {"SAMPAN_SANDBOX_HOLD", SP_SETTING_DURATION, "1h", 1000, 86400000, NULL,
     "how long a paid order is ON_HOLD"},
    {"SAMPAN_SANDBOX_CODE_LIFE", SP_SETTING_DURATION, "30m", 1000, 86400000, NULL,
     "life of an authorization code"},
    {"SAMPAN_SANDBOX_TOKEN_LIFE", SP_SETTING_DURATION, "7d", 1000, 31536000000, NULL,
     "life of an access token"},
    {"SAMPAN_SANDBOX_GRANT_LIFE", SP_SETTING_DURATION, "365d", 1000, 315360000000, NULL,
     "how long the seller's consent lasts"},
    {"SAMPAN_SANDBOX_TIMEOUT_FAULT", SP_SETTING_DURATION, "30s", 100, 600000, NULL,
     "how long a call waits that an ordered time-out hits"},
    {"SAMPAN_SANDBOX_ACCEPT_ZERO", SP_SETTING_BOOL, "true", 0, 0, NULL,
     "stock of 0 may be set, as in practice; false: 1 at least, as documented"},
    {"SAMPAN_SANDBOX_CALLS_PER_MINUTE", SP_SETTING_INT, "0", 0, LIMIT_MOST, NULL,
     "how often a shop's address may be called; more is answered 429; 0: any number"},
    {"SAMPAN_LOG_LEVEL", SP_SETTING_CHOICE, "info", 0, 0, "debug|info|warn|error",
     "least level that is logged"},
    {0},
};

static int64_t seconds(const struct sp_config *config, const char *name)
{
    return sp_config_int(config, name) / 1000;
}

struct sandbox_options sandbox_options_of(const struct sp_config *config)
{
    return (struct sandbox_options){
        .seed = (uint64_t)sp_config_int(config, "SAMPAN_SANDBOX_SEED"),
        .shops = (uint32_t)sp_config_int(config, "SAMPAN_SANDBOX_SHOPS"),
        .warehouses = (uint32_t)sp_config_int(config, "SAMPAN_SANDBOX_WAREHOUSES"),
        .products = (size_t)sp_config_int(config, "SAMPAN_SANDBOX_PRODUCTS"),
        .app_key = sp_config_text(config, "SAMPAN_SANDBOX_APP_KEY"),
        .app_secret = sp_config_text(config, "SAMPAN_SANDBOX_APP_SECRET"),
        .service_id = sp_config_text(config, "SAMPAN_SANDBOX_SERVICE_ID"),
        .redirect_url = sp_config_text(config, "SAMPAN_SANDBOX_REDIRECT_URL"),
        .webhook_url = sp_config_text(config, "SAMPAN_SANDBOX_WEBHOOK_URL"),
        .invoices = sp_config_text(config, "SAMPAN_SANDBOX_INVOICES"),
        .truth_log = sp_config_text(config, "SAMPAN_SANDBOX_TRUTH_LOG"),
        .cancel_word = sp_config_text(config, "SAMPAN_SANDBOX_CANCEL_WORD"),
        .hold_s = seconds(config, "SAMPAN_SANDBOX_HOLD"),
        .first_retry_ms = sp_config_int(config, "SAMPAN_SANDBOX_WEBHOOK_RETRY"),
        .timeout_fault_ms = sp_config_int(config, "SAMPAN_SANDBOX_TIMEOUT_FAULT"),
        .lives = {.code = seconds(config, "SAMPAN_SANDBOX_CODE_LIFE"),
                  .access = seconds(config, "SAMPAN_SANDBOX_TOKEN_LIFE"),
                  .grant = seconds(config, "SAMPAN_SANDBOX_GRANT_LIFE")},
        .accepts_zero = sp_config_bool(config, "SAMPAN_SANDBOX_ACCEPT_ZERO"),
        .calls_per_minute = sp_config_int(config, "SAMPAN_SANDBOX_CALLS_PER_MINUTE"),
    };
}

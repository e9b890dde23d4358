/* The connector's own settings. */
#include "services/connector/settings.h"

const struct sp_setting connector_settings[] = {
    {"SAMPAN_MASTER_KEY", SP_SETTING_KEY, NULL, 0, 0, NULL,
     "64 hex digits: seals tokens and buyers' data"},
    {"SAMPAN_TIKTOK_APP_KEY", SP_SETTING_TEXT, NULL, 0, 0, NULL,
     "app key of the Partner Center app"},
    {"SAMPAN_TIKTOK_APP_SECRET", SP_SETTING_SECRET, NULL, 0, 0, NULL,
     "its secret: signs calls and webhooks"},
    {"SAMPAN_TIKTOK_SERVICE_ID", SP_SETTING_TEXT, NULL, 0, 0, NULL,
     "its service id, for the consent page"},
    {"SAMPAN_TIKTOK_API_URL", SP_SETTING_TEXT, "https://open-api.tiktokglobalshop.com", 0, 0, NULL,
     "where calls go"},
    {"SAMPAN_TIKTOK_AUTH_URL", SP_SETTING_TEXT, "https://auth.tiktok-shops.com", 0, 0, NULL,
     "where tokens come from"},
    {"SAMPAN_TIKTOK_CONSENT_URL", SP_SETTING_TEXT, "https://services.tiktokshop.com/open/authorize",
     0, 0, NULL, "consent page of every country but the US"},
    {"SAMPAN_TIKTOK_CONSENT_US_URL", SP_SETTING_TEXT,
     "https://services.us.tiktokshop.com/open/authorize", 0, 0, NULL, "consent page of the US"},
    {"SAMPAN_TIKTOK_CALL_RATE", SP_SETTING_INT, "20", 1, 10000, NULL,
     "calls per second, for each shop, all replicas together; a quarter of them for stock"},
    {"SAMPAN_PULL_ORDERS_EVERY", SP_SETTING_DURATION, "30s", 1000, 3600000, NULL,
     "how often a shop's orders are swept, beside webhooks"},
    {"SAMPAN_PULL_LISTINGS_EVERY", SP_SETTING_DURATION, "5m", 1000, 86400000, NULL,
     "how often a shop's listings are swept"},
    {0},
};

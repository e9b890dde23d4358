/* The settings that only order-ingest has. */
#include "services/order-ingest/settings.h"

const struct sp_setting ingest_settings[] = {
    {.name = "SAMPAN_MASTER_KEY",
     .kind = SP_SETTING_KEY,
     .meaning = "64 hex digits, the connector's: opens what is sealed of a buyer"},
    {.name = "SAMPAN_BUYER_DATA_KEEP",
     .kind = SP_SETTING_DURATION,
     .otherwise = "60d",
     .least = INT64_C(3600000),
     .most = INT64_C(31536000000),
     .meaning = "how long a buyer's name and address are kept"},
    {0},
};

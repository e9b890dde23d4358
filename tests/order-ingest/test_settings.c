/* The settings of order-ingest. */
#include "services/order-ingest/settings.h"

#include <criterion/criterion.h>

static enum sp_result load(const char *entry)
{
    char *const environment[] = {(char *)(uintptr_t)entry, NULL};
    struct sp_config *config = NULL;
    struct sp_buffer problems = {0};
    enum sp_result result = sp_config_load(&config, NULL, ingest_settings, environment, &problems);
    sp_buffer_free(&problems);
    sp_config_free(&config);
    return result;
}

/* Without it no order could be shown with its buyer. */
Test(settings, need_the_master_key)
{
    cr_assert_eq(load("SAMPAN_BUYER_DATA_KEEP=30d"), SP_REJECT);
    cr_assert_eq(load("SAMPAN_MASTER_KEY=0001"), SP_REJECT);
    cr_assert_eq(load("SAMPAN_MASTER_KEY="
                      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
                 SP_OK);
}

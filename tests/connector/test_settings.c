/* The connector's settings. */
#include "services/connector/settings.h"

#include <criterion/criterion.h>
#include <string.h>

static enum sp_result load(char *const environment[], struct sp_config **config)
{
    struct sp_buffer problems = {0};
    enum sp_result result =
        sp_config_load(config, NULL, connector_settings, environment, &problems);
    sp_buffer_free(&problems);
    return result;
}

Test(settings, need_the_app)
{
    struct sp_config *config = NULL;
    char *none[] = {NULL};
    cr_assert_eq(load(none, &config), SP_REJECT);
    sp_config_free(&config);
}

Test(settings, lead_to_the_marketplace_by_default_and_hide_the_secret)
{
    static char key[] = "SAMPAN_TIKTOK_APP_KEY=k", secret[] = "SAMPAN_TIKTOK_APP_SECRET=hush";
    static char service[] = "SAMPAN_TIKTOK_SERVICE_ID=7";
    char *environment[] = {key, secret, service, NULL};
    struct sp_config *config = NULL;
    cr_assert_eq(load(environment, &config), SP_OK);
    cr_assert_str_eq(sp_config_text(config, "SAMPAN_TIKTOK_AUTH_URL"),
                     "https://auth.tiktok-shops.com");
    cr_assert_eq(sp_config_int(config, "SAMPAN_PULL_ORDERS_EVERY"), 30000);
    struct sp_buffer shown = {0};
    sp_config_print(config, &shown);
    sp_buffer_put(&shown, "", 1);
    cr_assert_null(strstr(shown.data, "hush"));
    sp_buffer_free(&shown);
    sp_config_free(&config);
}

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

static char app_key[] = "SAMPAN_TIKTOK_APP_KEY=k", app_secret[] = "SAMPAN_TIKTOK_APP_SECRET=hush",
            service_id[] = "SAMPAN_TIKTOK_SERVICE_ID=7",
            master[] = "SAMPAN_MASTER_KEY="
                       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/* The first consent would need it: better no start than that. */
Test(settings, need_the_app_and_the_master_key)
{
    struct sp_config *config = NULL;
    char *const whole[] = {app_key, app_secret, service_id, master, NULL};
    for (size_t left_out = 0; left_out < SP_COUNT(whole) - 1; left_out++) {
        char *environment[SP_COUNT(whole)] = {NULL};
        size_t count = 0;
        for (size_t i = 0; whole[i] != NULL; i++)
            if (i != left_out)
                environment[count++] = whole[i];
        cr_assert_eq(load(environment, &config), SP_REJECT, "without %s", whole[left_out]);
    }
    master[strlen(master) - 1] = '\0';
    cr_assert_eq(load(whole, &config), SP_REJECT, "63 digits");
}

Test(settings, lead_to_the_marketplace_by_default_and_hide_the_secret)
{
    char *environment[] = {app_key, app_secret, service_id, master, NULL};
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

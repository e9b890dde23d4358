/* How often which path was called. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/sandbox/traffic.h"

static struct traffic traffic;

Test(traffic, counts_paths_without_their_ids)
{
    traffic_note(&traffic, SP_TEXT("/order/202309/orders"), false);
    traffic_note(&traffic, SP_TEXT("/product/202309/products/1729382256910270001/prices"), false);
    traffic_note(&traffic, SP_TEXT("/product/202309/products/1729382256910270002/prices"), true);
    cr_assert_eq(traffic.count, 2);
    cr_assert_str_eq(traffic.paths[0].path, "/order/202309/orders");
    cr_assert_str_eq(traffic.paths[1].path, "/product/202309/products/{id}/prices");
    cr_assert_eq(traffic.paths[1].count, 2);
    cr_assert_eq(traffic.paths[1].failed, 1);
}

Test(traffic, takes_whatever_is_called)
{
    char path[400];
    memset(path, 'x', sizeof path);
    path[0] = '/';
    traffic_note(&traffic, (struct sp_text){path, sizeof path}, false);
    cr_assert_eq(strlen(traffic.paths[0].path), TRAFFIC_PATH_BYTES);
    traffic_note(&traffic, (struct sp_text){0}, false);
    traffic_note(&traffic, SP_TEXT("/"), false);
    for (int i = 0; i < 2 * TRAFFIC_PATHS; i++) {
        (void)snprintf(path, sizeof path, "/%d", i);
        traffic_note(&traffic, sp_text_of(path), false);
    }
    cr_assert_eq(traffic.count, TRAFFIC_PATHS);
}

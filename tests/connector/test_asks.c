/* The table of asks: each needs its right. */
#include "services/connector/asks.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/connector/shop.h"

Test(asks, refuses_whoever_lacks_the_right)
{
    struct sp_worker *worker = shop_worker();
    for (const struct sp_ask_route *route = connector_asks; route->name != NULL; route++) {
        if (route->permission == NULL)
            continue;
        struct sp_text other = SP_TEXT("orders.read");
        struct sp_ask ask = {.name = sp_text_of(route->name),
                             .account_id = 1,
                             .permissions = &other,
                             .permission_count = 1};
        struct sp_answer answer = {0};
        sp_worker_asks(worker, &ask, &answer, 1);
        cr_assert_eq(answer.status, 403, "%s", route->name);
        sp_buffer_free(&answer.body);
    }
    sp_worker_close(&worker);
}

Test(asks, needs_no_persons_right_only_for_the_gateways_own)
{
    static const char *const own[] = {"connector.webhook", "connector.oauth-return",
                                      "connector.changes"};
    size_t count = 0;
    for (const struct sp_ask_route *route = connector_asks; route->name != NULL; route++)
        count += route->permission == NULL;
    cr_assert_eq(count, SP_COUNT(own));
}

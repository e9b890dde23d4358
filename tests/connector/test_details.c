/* Details of listings: for those that changed, and not half. */
#include "services/connector/details.h"

#include <criterion/criterion.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    (void)market_open(40);
    worker = test_worker(&market_connector, market_settings());
    (void)market_connect(worker, "{\"kind\":\"none\"}");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(details, .init = set_up, .fini = tear_down);

static const struct channel_listing *listings(size_t *count)
{
    return test_emitted(worker, &channel_listing_message, "product-mapper", count);
}

Test(details, give_listings_a_picture_and_skus_a_name)
{
    size_t count, pictures = 0, named = 0, several = 0;
    market_run(worker, "pull-pages");
    const struct channel_listing *all = listings(&count);
    cr_assert_eq(count, 40);
    for (size_t i = 0; i < count; i++) {
        pictures += all[i].image_url.size > 0;
        several += all[i].skus_count > 1;
        named += all[i].skus_count > 1 && all[i].skus[1].title.size > 0;
    }
    cr_assert_eq(pictures, count);
    cr_assert_gt(several, 0);
    cr_assert_eq(named, several);
}

Test(details, are_not_asked_for_again_when_nothing_changed)
{
    size_t count;
    market_run(worker, "pull-pages");
    test_clear_outbox(worker);
    (void)market_post("/sandbox/faults",
                      "{\"next\":[{\"path\":\"/product/202309/products/\",\"kind\":"
                      "\"500\",\"count\":1}]}");
    test_sql(worker,
             "UPDATE pull SET due = now(), from_at = to_timestamp(0) WHERE kind = 'listings'");
    market_run(worker, "pull-pages");
    (void)listings(&count);
    cr_assert_eq(count, 0);
    cr_assert_eq(test_number(worker, "SELECT tries FROM pull WHERE kind = 'listings'"), 0);
}

Test(details, put_a_page_off_rather_than_leave_it_half)
{
    size_t count;
    (void)market_post("/sandbox/faults",
                      "{\"next\":[{\"path\":\"/product/202309/products/\",\"kind\":"
                      "\"500\",\"count\":1}]}");
    market_run(worker, "pull-pages");
    (void)listings(&count);
    cr_assert_eq(count, 0);
    cr_assert_eq(test_number(worker, "SELECT tries FROM pull WHERE kind = 'listings'"), 1);
    test_sql(worker, "UPDATE pull SET due = now()");
    market_run(worker, "pull-pages");
    (void)listings(&count);
    cr_assert_eq(count, 40);
}

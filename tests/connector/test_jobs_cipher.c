/* The work goes on when the marketplace gives a shop another cipher.
 * Covers: jobs_cipher.c, shop_list.c */
#include <criterion/criterion.h>

#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = market_shop(5);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_cipher, .init = set_up, .fini = tear_down);

static bool can_call(void)
{
    test_sql(worker, "UPDATE pull SET due = now(), tries = 0");
    market_run(worker, "pull-pages");
    return test_number(worker, "SELECT count(*) FROM pull WHERE tries > 0") == 0;
}

static void look_up(void)
{
    test_sql(worker, "UPDATE shop SET cipher_asked = '-infinity'");
    market_run(worker, "renew-ciphers");
}

#define REFUSED "SELECT count(*) FROM shop WHERE cipher_refused"

Test(jobs_cipher, a_new_cipher_is_found_once_the_old_one_is_refused)
{
    (void)market_post("/sandbox/grants", "{\"new_ciphers\":true}");
    look_up();
    cr_assert_not(can_call(), "nobody has said so yet");
    cr_assert_eq(test_number(worker, REFUSED), 1);
    look_up();
    cr_assert_eq(test_number(worker, REFUSED), 0);
    cr_assert(can_call());
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
}

Test(jobs_cipher, is_asked_for_again_when_there_is_no_answer)
{
    (void)market_post("/sandbox/grants", "{\"new_ciphers\":true}");
    cr_assert_not(can_call());
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/authorization\",\"kind\":"
                                         "\"500\",\"count\":1}]}");
    look_up();
    cr_assert_eq(test_number(worker, REFUSED), 1);
    cr_assert_not(can_call());
    test_sql(worker, "DELETE FROM call_budget");
    look_up();
    cr_assert(can_call());
}

/* Another shop's cipher, as after a mistake of ours: the list says what is right. */
Test(jobs_cipher, a_wrong_one_is_put_right)
{
    test_sql(worker, "UPDATE shop SET cipher = 'ROW_of_nobody'");
    cr_assert_not(can_call());
    look_up();
    cr_assert(can_call());
}

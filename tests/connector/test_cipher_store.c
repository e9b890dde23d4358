/* Whose cipher is looked up, how often, and what becomes of it. */
#include "services/connector/cipher_store.h"

#include <criterion/criterion.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct cipher_task task;
static size_t taken;
static const char *cipher;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(cipher_store, .init = set_up, .fini = tear_down);

static enum sp_result refuse_one(struct sp_ctx *ctx)
{
    store_cipher_refused(ctx, 1, sp_text_of(cipher));
    return SP_OK;
}

static void refuse(const char *with)
{
    cipher = with;
    cr_assert_eq(shop_run(worker, refuse_one), SP_OK);
}

static enum sp_result take_one(struct sp_ctx *ctx)
{
    enum sp_result result = store_take_ciphers(ctx, &task, 1, &taken);
    task.access.cipher = SP_TEXT("ROW_c"); /* the rows are gone with the transaction */
    return result;
}

static size_t take(void)
{
    cr_assert_eq(shop_run(worker, take_one), SP_OK);
    return taken;
}

static enum sp_result renew_one(struct sp_ctx *ctx)
{
    store_renew_cipher(ctx, &task, sp_text_of(cipher));
    return SP_OK;
}

static void renew(const char *with)
{
    cipher = with;
    cr_assert_eq(shop_run(worker, renew_one), SP_OK);
}

#define CIPHER "SELECT cipher FROM shop"

Test(cipher_store, a_refused_one_is_looked_up_by_one_and_once_a_minute)
{
    cr_assert_eq(take(), 0);
    refuse("ROW_c");
    cr_assert_eq(take(), 1);
    cr_assert_eq(take(), 0);
    test_sql(worker, "UPDATE shop SET cipher_asked = now() - interval '61 seconds'");
    cr_assert_eq(take(), 1);
}

Test(cipher_store, the_listed_one_takes_its_place)
{
    refuse("ROW_c");
    cr_assert_eq(take(), 1);
    renew("ROW_d");
    cr_assert_str_eq(test_text(worker, CIPHER), "ROW_d");
    test_sql(worker, "UPDATE shop SET cipher_asked = '-infinity'");
    cr_assert_eq(take(), 0);
}

Test(cipher_store, a_late_refusal_says_nothing_of_a_newer_one)
{
    refuse("ROW_b");
    cr_assert_eq(take(), 0);
}

Test(cipher_store, what_a_new_consent_brought_meanwhile_stays)
{
    refuse("ROW_c");
    cr_assert_eq(take(), 1);
    test_sql(worker, "UPDATE shop SET cipher = 'ROW_e'");
    renew("ROW_d");
    cr_assert_str_eq(test_text(worker, CIPHER), "ROW_e");
}

Test(cipher_store, a_disconnected_shop_is_left_alone)
{
    refuse("ROW_c");
    test_sql(worker, "UPDATE shop SET state = 'DISCONNECTED', grant_id = NULL");
    cr_assert_eq(take(), 0);
}

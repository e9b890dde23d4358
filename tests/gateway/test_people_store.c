/* Accounts, people and set-up links in the database. */
#include <criterion/criterion.h>

#include "services/gateway/people_store.h"
#include "services/gateway/service.h"
#include "tests/support/database.h"

extern const struct sp_migration gateway_migrations[];

static struct sp_worker *worker;
static struct sp_db *db;
static struct sp_error err;

static void begin(void)
{
    static const struct sp_service service = {.name = "gateway", .migrations = gateway_migrations};
    sp_crypto_setup();
    worker = test_worker(&service, NULL);
    db = sp_worker_db(worker);
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
}

TestSuite(people_store, .init = begin);

static struct token_hash token(uint8_t number)
{
    struct token_hash hash = {{number}};
    return hash;
}

static struct new_account account(void)
{
    return (struct new_account){
        .account_id = 1,
        .person_id = 1,
        .name = SP_TEXT("Cửa hàng"),
        .time_zone = SP_TEXT("Asia/Ho_Chi_Minh"),
        .currency = SP_TEXT("VND"),
        .language = SP_TEXT("vi"),
        .login = SP_TEXT("Owner@Shop.vn"),
        .password_hash = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA",
        .rev_floor = 1000,
    };
}

static bool make(struct new_account *one)
{
    bool made = false;
    sp_db_begin(db);
    cr_assert_eq(store_make_account(db, &err, one, &made), SP_OK, "%s", err.text);
    sp_db_commit(db);
    cr_assert_eq(sp_run(db, &err), SP_OK, "%s", err.text);
    sp_db_reset(db);
    return made;
}

static bool link_is_live(uint8_t number)
{
    bool live = false;
    struct token_hash hash = token(number);
    cr_assert_eq(store_has_setup_link(db, &err, &hash, &live), SP_OK, "%s", err.text);
    sp_db_reset(db);
    return live;
}

static bool put_link(uint8_t number)
{
    bool put = false;
    struct token_hash hash = token(number);
    cr_assert_eq(store_put_setup_link(db, &err, &hash, &put), SP_OK, "%s", err.text);
    sp_db_reset(db);
    return put;
}

static bool take_link(uint8_t number)
{
    bool taken = false;
    struct token_hash hash = token(number);
    cr_assert_eq(store_take_setup_link(db, &err, &hash, &taken), SP_OK, "%s", err.text);
    sp_db_reset(db);
    return taken;
}

Test(people_store, makes_account_owner_and_login)
{
    struct new_account one = account();
    bool any = true;
    cr_assert_eq(store_has_people(db, &err, &any), SP_OK);
    cr_expect_not(any);
    cr_expect(make(&one));
    cr_expect_eq(one.rev, 1000, "the floor of revisions counts");
    cr_assert_eq(store_has_people(db, &err, &any), SP_OK);
    cr_expect(any);
    cr_expect_str_eq(test_text(worker, "SELECT login || ' ' || role FROM login JOIN person USING "
                                       "(account_id, person_id)"),
                     "owner@shop.vn OWNER");
}

Test(people_store, makes_the_first_account_once)
{
    struct new_account one = account(), again = account();
    again.login = SP_TEXT("other");
    cr_expect(make(&one));
    cr_expect_not(make(&again));
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM person"), 1);
}

Test(people_store, a_link_is_good_for_24_hours)
{
    cr_expect(put_link(1));
    cr_expect(link_is_live(1));
    cr_expect_not(link_is_live(2));
    test_sql(worker, "UPDATE setup_link SET made = now() - interval '24 hours'");
    cr_expect_not(link_is_live(1));
    cr_expect_not(take_link(1));
}

Test(people_store, a_new_link_forgets_those_that_are_too_old)
{
    cr_expect(put_link(1));
    test_sql(worker, "UPDATE setup_link SET made = now() - interval '25 hours'");
    cr_expect(put_link(2));
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM setup_link"), 1);
}

Test(people_store, the_first_link_used_takes_all_others)
{
    cr_expect(put_link(1));
    cr_expect(put_link(2));
    cr_expect(take_link(2));
    cr_expect_not(link_is_live(1));
    cr_expect_not(take_link(2));
}

Test(people_store, no_link_is_made_once_there_are_people)
{
    struct new_account one = account();
    cr_expect(make(&one));
    cr_expect_not(put_link(1));
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM setup_link"), 0);
}

Test(people_store, knows_time_zones)
{
    cr_expect(store_knows_time_zone(db, &err, SP_TEXT("Asia/Bangkok")));
    cr_expect_not(store_knows_time_zone(db, &err, SP_TEXT("Asia/Nowhere")));
    cr_expect_not(store_knows_time_zone(db, &err, SP_TEXT("'; DROP TABLE account; --")));
}

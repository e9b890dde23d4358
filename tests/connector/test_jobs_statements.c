/* What was settled, as facts: every transaction of every statement.  Covers: jobs_statements.c,
 * accept_statement.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    struct market_past past = {300, 40};
    (void)market_open_with(8, &past);
    worker = test_worker(&market_connector, market_settings());
    (void)market_connect(worker, "{\"kind\":\"days\",\"days\":60}");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_statements, .init = set_up, .fini = tear_down);

static void pull(void)
{
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'statements'");
    market_run(worker, "pull-pages");
    market_run(worker, "read-statements");
}

static const struct channel_statement *statements(size_t *count)
{
    return test_emitted(worker, &channel_statement_message, "order-ingest", count);
}

static const struct channel_settlement *settlements(size_t *count)
{
    return test_emitted(worker, &channel_settlement_message, "order-ingest", count);
}

Test(jobs_statements, tell_each_transaction_and_then_the_statement)
{
    size_t days, count;
    pull();
    const struct channel_statement *of_days = statements(&days);
    const struct channel_settlement *all = settlements(&count);
    cr_assert_gt(days, 5);
    cr_assert_gt(count, days);
    for (size_t day = 0; day < days; day++) {
        int64_t settled = 0, transactions = 0;
        for (size_t i = 0; i < count; i++) {
            if (!sp_text_equal(all[i].statement_id, of_days[day].statement_id))
                continue;
            settled += all[i].settled_minor;
            transactions++;
        }
        cr_assert_eq(transactions, of_days[day].transactions);
        cr_assert_eq(settled, of_days[day].settled_minor);
    }
    for (size_t i = 0; i < count; i++) {
        int64_t sum = 0;
        cr_assert_gt(all[i].channel_order_id.size, 0);
        for (size_t at = 0; at < all[i].fees_count; at++)
            sum += all[i].fees[at].amount_minor;
        cr_assert_eq(sum, all[i].settled_minor, "the parts explain it");
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM statement WHERE done < wanted"), 0);
}

Test(jobs_statements, tell_nothing_twice_while_nothing_changed)
{
    size_t count;
    pull();
    test_clear_outbox(worker);
    pull();
    (void)statements(&count);
    cr_assert_eq(count, 0);
    (void)settlements(&count);
    cr_assert_eq(count, 0);
}

Test(jobs_statements, tell_a_statement_again_when_it_was_paid)
{
    size_t count;
    pull();
    test_clear_outbox(worker);
    test_sql(worker, "UPDATE statement SET hash = hash + 1 WHERE statement_id = "
                     "(SELECT min(statement_id) FROM statement)");
    pull();
    const struct channel_statement *again = statements(&count);
    cr_assert_eq(count, 1);
    cr_assert_eq(again[0].head.rev & 0xff, 2, "a revision of its own");
    (void)settlements(&count);
    cr_assert_eq(count, (size_t)again[0].transactions);
}

Test(jobs_statements, lose_nothing_to_a_marketplace_that_stumbles)
{
    static const char *const kinds[] = {"500", "429", "drop", "html"};
    size_t days, count;
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        char body[160];
        (void)snprintf(body, sizeof body,
                       "{\"next\":[{\"path\":\"/finance/202501\",\"kind\":\"%s\",\"count\":2}]}",
                       kinds[i]);
        (void)market_post("/sandbox/faults", body);
    }
    pull();
    for (int i = 0;
         i < 30 && test_number(worker, "SELECT count(*) FROM statement WHERE done < wanted") > 0;
         i++) {
        test_sql(worker, "UPDATE statement SET due = now()");
        test_sql(worker, "DELETE FROM call_budget");
        market_run(worker, "read-statements");
    }
    const struct channel_statement *of_days = statements(&days);
    (void)settlements(&count);
    int64_t told = 0;
    for (size_t day = 0; day < days; day++)
        told += of_days[day].transactions;
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM statement WHERE done < wanted"), 0);
    cr_assert_eq((int64_t)count, told);
}

/* Whoever reads a statement while `work` happens between its call and its commit. */
static void read_while(const char *work)
{
    char sql[400];
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'statements'");
    market_run(worker, "pull-pages");
    (void)snprintf(sql, sizeof sql,
                   "CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s; "
                   "RETURN NULL; END $$",
                   work);
    test_sql(worker, sql);
}

static void expect_all_told_once(void)
{
    size_t days, count;
    test_sql(worker, "DROP FUNCTION meanwhile CASCADE");
    test_sql(worker, "UPDATE statement SET due = now()");
    market_run(worker, "read-statements");
    const struct channel_statement *of_days = statements(&days);
    int64_t told = 0;
    for (size_t day = 0; day < days; day++)
        told += of_days[day].transactions;
    (void)settlements(&count);
    cr_assert_gt(days, 5);
    cr_assert_eq((int64_t)count, told);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM statement WHERE done < wanted"), 0);
}

/* The call is out when its budget is noted: there another replica takes over. */
Test(jobs_statements, tell_nothing_of_what_another_has_taken_over)
{
    size_t count;
    read_while("UPDATE statement SET epoch = epoch + 1");
    test_sql(worker, "CREATE TRIGGER meanwhile AFTER UPDATE ON call_budget "
                     "EXECUTE FUNCTION meanwhile()");
    market_run(worker, "read-statements");
    (void)settlements(&count);
    cr_assert_eq(count, 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM statement WHERE done > 0"), 0);
    expect_all_told_once();
}

/* Killed between a page's facts and its cursor: there is no between. */
Test(jobs_statements, move_nowhere_without_their_facts)
{
    size_t count;
    read_while("RAISE EXCEPTION 'killed'");
    test_sql(worker, "CREATE TRIGGER meanwhile AFTER INSERT ON outbox "
                     "EXECUTE FUNCTION meanwhile()");
    cr_assert_neq(sp_worker_job(worker, "read-statements"), SP_OK);
    (void)settlements(&count);
    cr_assert_eq(count, 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM statement WHERE done > 0 OR told > 0"),
                 0);
    expect_all_told_once();
}

/* However often calls failed before. */
Test(jobs_statements, believe_a_list_that_lacks_some_only_at_the_fourth_look)
{
    size_t count;
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'statements'");
    market_run(worker, "pull-pages");
    test_sql(worker, "DELETE FROM statement WHERE statement_id <> "
                     "(SELECT min(statement_id) FROM statement)");
    test_sql(worker, "UPDATE statement SET tries = 9");
    struct sp_worker *other =
        test_worker_on(&market_connector, test_worker_url(),
                       market_canned("{\"transactions\":[{\"id\":\"1\"}],\"total_count\":2}"));
    for (int look = 0; look < 4; look++) {
        (void)statements(&count);
        cr_assert_eq(count, 0, "look %d", look);
        test_sql(worker, "UPDATE statement SET due = now()");
        market_run(other, "read-statements");
    }
    cr_assert_eq(statements(&count)->transactions, 1);
    cr_assert_eq(count, 1);
    sp_worker_close(&other);
}

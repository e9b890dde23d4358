/* Migrations on a real server: order, once each, nothing of a failed file, rights of real roles. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/migrate.h"
#include "tests/common/sample_service.h"
#include "tests/support/database.h"

enum { URL_BYTES = 768, SQL_BYTES = 1024 };

static const char *url;
static struct sp_worker *admin; /* for looking; as the superuser */
static char reported[16][64];
static size_t reported_count;

/* An empty database: not even the common tables. */
static void set_up(void)
{
    url = test_database(NULL);
    admin = test_worker_on(&sample_service, url, NULL);
    test_sql(admin, "SET client_min_messages = error; DROP SCHEMA public CASCADE;"
                    "CREATE SCHEMA public");
}

static void tear_down(void)
{
    sp_worker_close(&admin);
}

TestSuite(migrate, .init = set_up, .fini = tear_down);

static void report(const char *name)
{
    cr_assert_lt(reported_count, SP_COUNT(reported));
    (void)snprintf(reported[reported_count++], sizeof reported[0], "%s", name);
}

static enum sp_result migrate(const struct sp_migration migrations[], struct sp_error *err)
{
    reported_count = 0;
    return sp_migrate(url, migrations, report, err);
}

static const struct sp_migration boats[] = {
    {"0001_boat", "CREATE TABLE boat (name text PRIMARY KEY);"
                  "INSERT INTO boat VALUES ('Sampan');"},
    {"0002_sail", "ALTER TABLE boat ADD COLUMN sails integer NOT NULL DEFAULT 1;"
                  "UPDATE boat SET sails = 2;"},
    {0},
};

static size_t common_files(void)
{
    size_t count = 0;
    while (sp_common_migrations[count].name != NULL)
        count++;
    return count;
}

Test(migrate, files_are_applied_in_order_the_common_ones_first)
{
    struct sp_error err;
    cr_assert_eq(migrate(boats, &err), SP_OK, "%s", err.text);
    size_t common = common_files();
    cr_assert_eq(reported_count, common + 2);
    cr_expect_str_eq(reported[0], sp_common_migrations[0].name);
    cr_expect_str_eq(reported[common], "0001_boat");
    cr_expect_str_eq(reported[common + 1], "0002_sail");
    cr_expect_eq(test_number(admin, "SELECT sails FROM boat"), 2);
    cr_expect_eq(test_number(admin, "SELECT count(*) FROM outbox"), 0);
}

Test(migrate, a_second_run_applies_nothing)
{
    struct sp_error err;
    cr_assert_eq(migrate(boats, &err), SP_OK, "%s", err.text);
    cr_assert_eq(migrate(boats, &err), SP_OK, "%s", err.text);
    cr_expect_eq(reported_count, 0);
    cr_expect_eq(test_number(admin, "SELECT count(*) FROM boat"), 1);
}

Test(migrate, a_later_version_applies_only_what_is_new)
{
    const struct sp_migration first[] = {boats[0], {0}};
    struct sp_error err;
    cr_assert_eq(migrate(first, &err), SP_OK, "%s", err.text);
    cr_assert_eq(migrate(boats, &err), SP_OK, "%s", err.text);
    cr_assert_eq(reported_count, 1);
    cr_expect_str_eq(reported[0], "0002_sail");
}

Test(migrate, several_at_once_apply_each_file_once)
{
    struct sp_error err;
    pid_t children[3];
    for (size_t i = 0; i < SP_COUNT(children); i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(sp_migrate(url, boats, NULL, &err) == SP_OK ? 0 : 1);
    }
    for (size_t i = 0; i < SP_COUNT(children); i++) {
        int status = 0;
        cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
        cr_expect_eq(status, 0);
    }
    cr_expect_eq(test_number(admin, "SELECT count(*) FROM boat"), 1);
}

Test(migrate, a_file_that_has_changed_since_is_refused)
{
    const struct sp_migration changed[] = {
        {"0001_boat", "CREATE TABLE boat (name text PRIMARY KEY, mast text);"}, boats[1], {0}};
    const struct sp_migration first[] = {boats[0], {0}};
    struct sp_error err;
    cr_assert_eq(migrate(first, &err), SP_OK, "%s", err.text);
    cr_expect_eq(migrate(changed, &err), SP_REJECT);
    cr_expect(strstr(err.text, "0001_boat") != NULL, "%s", err.text);
    cr_expect(strstr(err.text, "must not change") != NULL, "%s", err.text);
    cr_expect_eq(reported_count, 0, "what comes behind it is not applied either");
}

Test(migrate, nothing_of_a_failing_file_is_kept)
{
    const struct sp_migration broken[] = {
        boats[0],
        {"0002_broken", "CREATE TABLE harbour (name text); INSERT INTO harbour VALUES ('Hoi An');"
                        "INSERT INTO nowhere VALUES (1);"},
        boats[1],
        {0}};
    struct sp_error err;
    cr_expect_eq(migrate(broken, &err), SP_REJECT);
    cr_expect(strstr(err.text, "0002_broken") != NULL, "%s", err.text);
    cr_expect(strstr(err.text, "nowhere") != NULL, "%s", err.text);
    cr_expect_eq(test_number(admin, "SELECT count(*) FROM pg_class WHERE relname = 'harbour'"), 0);
    cr_expect_eq(test_number(admin, "SELECT count(*) FROM migration WHERE name LIKE '0002%'"), 0);
    cr_expect_eq(test_number(admin, "SELECT count(*) FROM boat"), 1, "the file before is kept");
    cr_assert_eq(migrate(boats, &err), SP_OK, "once mended: %s", err.text);
}

Test(migrate, a_database_that_is_away_can_be_tried_again)
{
    struct sp_error err;
    cr_expect_eq(sp_migrate("postgresql://nobody@127.0.0.1:1/none", boats, NULL, &err), SP_RETRY);
    cr_expect(strstr(err.text, "cannot reach the database") != NULL, "%s", err.text);
}

/* ---- the check of a starting process
 * ------------------------------------------------------------ */

Test(migrate, the_check_names_the_first_file_that_is_missing)
{
    const struct sp_migration first[] = {boats[0], {0}};
    struct sp_db *db = sp_worker_db(admin);
    struct sp_error err;
    cr_assert_eq(migrate(NULL, &err), SP_OK, "%s", err.text);
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    cr_expect_eq(sp_migrate_check(db, boats, &err), SP_REJECT);
    cr_expect(strstr(err.text, "0001_boat") != NULL, "%s", err.text);
    cr_assert_eq(migrate(first, &err), SP_OK, "%s", err.text);
    cr_expect_eq(sp_migrate_check(db, boats, &err), SP_REJECT);
    cr_expect(strstr(err.text, "0002_sail") != NULL, "%s", err.text);
    cr_expect_eq(sp_migrate_check(db, first, &err), SP_OK, "%s", err.text);
    cr_assert_eq(migrate(boats, &err), SP_OK, "%s", err.text);
    cr_expect_eq(sp_migrate_check(db, boats, &err), SP_OK, "%s", err.text);
    cr_expect_eq(sp_migrate_check(db, first, &err), SP_OK, "an older binary runs on: %s", err.text);
}

Test(migrate, the_check_of_an_empty_database_says_why)
{
    struct sp_db *db = sp_worker_db(admin);
    struct sp_error err = {{0}};
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    cr_expect_neq(sp_migrate_check(db, boats, &err), SP_OK);
    cr_expect(strstr(err.text, "migrat") != NULL, "%s", err.text);
}

/* ---- rights, with real roles
 * -------------------------------------------------------------------- */

static char application[64], owner[80];

static void set_up_roles(void)
{
    set_up();
    (void)snprintf(application, sizeof application, "test_migrate_%d", (int)getpid());
    (void)snprintf(owner, sizeof owner, "%s_owner", application);
    char sql[SQL_BYTES];
    (void)snprintf(sql, sizeof sql,
                   "CREATE ROLE %s; CREATE ROLE %s; ALTER SCHEMA public OWNER TO %s", application,
                   owner, owner);
    test_sql(admin, sql);
}

static void drop_roles(void)
{
    char sql[SQL_BYTES];
    (void)snprintf(
        sql, sizeof sql,
        "SET client_min_messages = error; DROP OWNED BY %s, %s CASCADE; DROP ROLE %s, %s",
        application, owner, application, owner);
    test_sql(admin, sql);
    tear_down();
}

TestSuite(migrate_rights, .init = set_up_roles, .fini = drop_roles);

/* The superuser's connection acting as the role from the start. */
static const char *url_as(const char *role)
{
    static char address[URL_BYTES];
    (void)snprintf(address, sizeof address, "%s%coptions=-c%%20role%%3D%s", url,
                   strchr(url, '?') == NULL ? '?' : '&', role);
    return address;
}

static const struct sp_migration ledger[] = {
    {"0001_ledger", "CREATE TABLE balance (id bigint PRIMARY KEY, sum bigint NOT NULL);\n"
                    "-- append-only: entry\n"
                    "CREATE TABLE entry (id bigint GENERATED ALWAYS AS IDENTITY, sum bigint);\n"},
    {"0002_audit", "-- append-only: audit\nCREATE TABLE audit (id bigint, what text);\n"},
    {0},
};

static bool may(const char *what, const char *table)
{
    char sql[SQL_BYTES];
    (void)snprintf(sql, sizeof sql, "SELECT has_table_privilege('%s', '%s', '%s')::int",
                   application, table, what);
    return test_number(admin, sql) == 1;
}

/* True when the application role gets through with it. */
static bool does(const char *sql)
{
    struct sp_db *db = sp_db_open(url, "test");
    struct sp_statement statement = {sql};
    char become[SQL_BYTES];
    (void)snprintf(become, sizeof become, "SET ROLE %s", application);
    struct sp_statement as_application = {become};
    struct sp_error err;
    cr_assert_eq(sp_db_connect(db, &err), SP_OK, "%s", err.text);
    cr_assert_not_null(sp_query(db, &err, &as_application, SP_NO_PARAMS), "%s", err.text);
    bool done = sp_query(db, &err, &statement, SP_NO_PARAMS) != NULL;
    cr_expect(done || strcmp(sp_db_sqlstate(db), "42501") == 0, "%s: %s", sql, err.text);
    sp_db_close(&db);
    return done;
}

Test(migrate_rights, the_application_works_on_tables_and_cannot_change_the_schema)
{
    struct sp_error err;
    cr_assert_eq(sp_migrate(url_as(owner), ledger, NULL, &err), SP_OK, "%s", err.text);
    cr_expect(does("INSERT INTO balance VALUES (1, 0)"));
    cr_expect(does("UPDATE balance SET sum = 1"));
    cr_expect(does("DELETE FROM balance"));
    cr_expect(does("SELECT FROM outbox"));
    cr_expect_not(does("CREATE TABLE mine (id bigint)"));
    cr_expect_not(does("DROP TABLE balance"));
    cr_expect_not(does("ALTER TABLE balance ADD COLUMN x text"));
    cr_expect_not(does("TRUNCATE balance"));
}

Test(migrate_rights, the_application_reads_the_list_of_migrations_and_does_not_write_it)
{
    struct sp_error err;
    cr_assert_eq(sp_migrate(url_as(owner), ledger, NULL, &err), SP_OK, "%s", err.text);
    cr_expect(does("SELECT FROM migration"));
    cr_expect_not(does("DELETE FROM migration"));
    cr_expect_not(does("UPDATE migration SET checksum = ''"));
    cr_expect_not(does("INSERT INTO migration VALUES ('x', 'y')"));
}

Test(migrate_rights, an_append_only_table_can_be_added_to_and_not_changed)
{
    struct sp_error err;
    cr_assert_eq(sp_migrate(url_as(owner), ledger, NULL, &err), SP_OK, "%s", err.text);
    cr_expect(does("INSERT INTO entry (sum) VALUES (5)"));
    cr_expect(does("SELECT FROM entry"));
    cr_expect_not(does("UPDATE entry SET sum = 6"));
    cr_expect_not(does("DELETE FROM entry"));
    cr_expect_not(does("TRUNCATE entry"));
    cr_expect_not(may("UPDATE", "audit"));
    cr_expect(may("INSERT", "audit"));
}

Test(migrate_rights, a_later_migration_does_not_open_append_only_tables_again)
{
    const struct sp_migration more[] = {
        ledger[0], ledger[1], {"0003_more", "CREATE TABLE more (id bigint);"}, {0}};
    struct sp_error err;
    cr_assert_eq(sp_migrate(url_as(owner), ledger, NULL, &err), SP_OK, "%s", err.text);
    cr_assert_eq(sp_migrate(url_as(owner), more, NULL, &err), SP_OK, "%s", err.text);
    cr_expect(may("UPDATE", "more"));
    cr_expect_not(may("UPDATE", "entry"));
    cr_expect_not(may("DELETE", "audit"));
}

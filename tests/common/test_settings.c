/* Settings: what a person may have written, and what they are told about it. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/settings.h"
#include "common/settings_value.h"

static const struct sp_setting common_table[] = {
    {"SAMPAN_HTTP_BIND", SP_SETTING_TEXT, "127.0.0.1:8080", 0, 0, NULL, "where browsers come"},
    {"SAMPAN_MASTER_KEY", SP_SETTING_SECRET, NULL, 0, 0, NULL, "seals tokens"},
    {"SAMPAN_WORKERS", SP_SETTING_INT, "2", 1, 64, NULL, "threads"},
    {"SAMPAN_SHUTDOWN_TIMEOUT", SP_SETTING_DURATION, "25s", 0, 600000, NULL, "how long to end"},
    {0},
};
static const struct sp_setting own_table[] = {
    {"SAMPAN_CACHE", SP_SETTING_BYTES, "64MiB", 0, 0, NULL, "memory for it"},
    {"SAMPAN_AUTO", SP_SETTING_BOOL, "false", 0, 0, NULL, "on or off"},
    {"SAMPAN_LOG_LEVEL", SP_SETTING_CHOICE, "info", 0, 0, "debug|info|warn|error", "how much"},
    {"SAMPAN_TOKEN", SP_SETTING_SECRET, "", 0, 0, NULL, "may be missing"},
    {0},
};

static const struct sp_setting key_table[] = {
    {"SAMPAN_SEAL", SP_SETTING_KEY, NULL, 0, 0, NULL, "seals tokens"},
    {0},
};

static struct sp_config *config;
static struct sp_buffer problems;

static enum sp_result load(char *const environment[])
{
    sp_buffer_reset(&problems);
    enum sp_result result =
        sp_config_load(&config, common_table, own_table, environment, &problems);
    *sp_buffer_reserve(&problems, 1) = '\0';
    return result;
}

/* With the one setting that must be there. */
static enum sp_result load_one(const char *entry)
{
    static char key[] = "SAMPAN_MASTER_KEY=k", text[256];
    (void)snprintf(text, sizeof text, "%s", entry);
    char *const environment[] = {key, text, NULL};
    return load(environment);
}

static void assert_problem(const char *wanted)
{
    cr_assert_not_null(strstr(problems.data, wanted), "no \"%s\" in:\n%s", wanted, problems.data);
}

static void tear_down(void)
{
    sp_config_free(&config);
    sp_buffer_free(&problems);
}

TestSuite(settings, .fini = tear_down);

Test(settings, what_is_not_set_has_its_default)
{
    cr_assert_eq(load_one("HOME=/"), SP_OK);
    cr_assert_eq(problems.size, 0);
    cr_assert_str_eq(sp_config_text(config, "SAMPAN_HTTP_BIND"), "127.0.0.1:8080");
    cr_assert_eq(sp_config_int(config, "SAMPAN_WORKERS"), 2);
    cr_assert_eq(sp_config_int(config, "SAMPAN_SHUTDOWN_TIMEOUT"), 25000);
    cr_assert_eq(sp_config_int(config, "SAMPAN_CACHE"), 64 * 1024 * 1024);
    cr_assert_not(sp_config_bool(config, "SAMPAN_AUTO"));
    cr_assert_str_eq(sp_config_text(config, "SAMPAN_TOKEN"), "");
}

Test(settings, an_empty_value_counts_as_not_given)
{
    cr_assert_eq(load_one("SAMPAN_WORKERS="), SP_OK);
    cr_assert_eq(sp_config_int(config, "SAMPAN_WORKERS"), 2);
}

Test(settings, reads_durations_and_sizes_in_every_unit)
{
    static const struct {
        const char *entry, *name;
        int64_t wanted;
    } rows[] = {
        {"SAMPAN_SHUTDOWN_TIMEOUT=500ms", "SAMPAN_SHUTDOWN_TIMEOUT", 500},
        {"SAMPAN_SHUTDOWN_TIMEOUT=0s", "SAMPAN_SHUTDOWN_TIMEOUT", 0},
        {"SAMPAN_SHUTDOWN_TIMEOUT=10m", "SAMPAN_SHUTDOWN_TIMEOUT", 600000},
        {"SAMPAN_CACHE=17", "SAMPAN_CACHE", 17},
        {"SAMPAN_CACHE=4KiB", "SAMPAN_CACHE", 4096},
        {"SAMPAN_CACHE=2GiB", "SAMPAN_CACHE", 2147483648},
        {"SAMPAN_WORKERS=64", "SAMPAN_WORKERS", 64},
    };
    for (size_t i = 0; i < SP_COUNT(rows); i++) {
        cr_assert_eq(load_one(rows[i].entry), SP_OK, "%s", rows[i].entry);
        cr_assert_eq(sp_config_int(config, rows[i].name), rows[i].wanted, "%s", rows[i].entry);
        sp_config_free(&config);
    }
}

Test(settings, wrong_values_are_told_with_what_was_expected)
{
    static const char *const rows[][2] = {
        {"SAMPAN_WORKERS=two", "SAMPAN_WORKERS: \"two\" is not a whole number"},
        {"SAMPAN_WORKERS=2.5", "not a whole number"},
        {"SAMPAN_WORKERS=99999999999999999999", "not a whole number"},
        {"SAMPAN_WORKERS=0", "\"0\" is not within 1 to 64"},
        {"SAMPAN_WORKERS=-1", "\"-1\" is not within 1 to 64"},
        {"SAMPAN_WORKERS=65", "not within 1 to 64"},
        {"SAMPAN_SHUTDOWN_TIMEOUT=25", "is not a duration such as 500ms, 30s"},
        {"SAMPAN_SHUTDOWN_TIMEOUT=25 s", "is not a duration"},
        {"SAMPAN_SHUTDOWN_TIMEOUT=-5s", "is not a duration"},
        {"SAMPAN_SHUTDOWN_TIMEOUT=11m", "not within 0 to 600000 ms"},
        {"SAMPAN_SHUTDOWN_TIMEOUT=999999999999999999d", "is not a duration"},
        {"SAMPAN_CACHE=64MB", "is not a size such as 65536, 256KiB"},
        {"SAMPAN_CACHE=MiB", "is not a size"},
        {"SAMPAN_AUTO=yes", "\"yes\" is not true or false"},
        {"SAMPAN_LOG_LEVEL=loud", "\"loud\" is not one of debug|info|warn|error"},
        {"SAMPAN_LOG_LEVEL=debug|info", "is not one of"},
        {"SAMPAN_LOG_LEVEL=deb", "is not one of"},
    };
    for (size_t i = 0; i < SP_COUNT(rows); i++) {
        cr_assert_eq(load_one(rows[i][0]), SP_REJECT, "%s", rows[i][0]);
        cr_assert_null(config);
        assert_problem("error: SAMPAN_");
        assert_problem(rows[i][1]);
    }
}

Test(settings, all_mistakes_are_told_at_once)
{
    char workers[] = "SAMPAN_WORKERS=many", automatic[] = "SAMPAN_AUTO=on",
         unknown[] = "SAMPAN_WORKER=2";
    char *const environment[] = {workers, automatic, unknown, NULL};
    cr_assert_eq(load(environment), SP_REJECT);
    assert_problem("error: SAMPAN_MASTER_KEY: must be set (seals tokens)\n");
    assert_problem("error: SAMPAN_WORKERS: ");
    assert_problem("error: SAMPAN_AUTO: ");
    assert_problem("warning: SAMPAN_WORKER: no such setting; did you mean SAMPAN_WORKERS?\n");
}

Test(settings, an_unknown_name_is_a_warning)
{
    cr_assert_eq(load_one("SAMPAN_LGO_LEVEL=debug"), SP_OK);
    assert_problem("warning: SAMPAN_LGO_LEVEL: no such setting; did you mean SAMPAN_LOG_LEVEL?");
    sp_config_free(&config);
    cr_assert_eq(load_one("SAMPAN_SOMETHING_ELSE_ALTOGETHER=1"), SP_OK);
    assert_problem("warning: SAMPAN_SOMETHING_ELSE_ALTOGETHER: no such setting\n");
    sp_config_free(&config);
    cr_assert_eq(load_one("SAMPAN_WORKERS_FILE=/x"), SP_OK); /* no secret: it has no file */
    assert_problem("warning: SAMPAN_WORKERS_FILE: ");
}

/* ---- secrets
 * --------------------------------------------------------------------------------------- */

static char path[] = "/tmp/sampan-secret-XXXXXX";

static void write_secret(const char *bytes, size_t size)
{
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static enum sp_result load_file(void)
{
    char entry[128];
    (void)snprintf(entry, sizeof entry, "SAMPAN_MASTER_KEY_FILE=%s", path);
    char *const environment[] = {entry, NULL};
    return load(environment);
}

Test(settings, a_secret_can_come_from_a_file)
{
    write_secret("s3cret\n", 7);
    cr_assert_eq(load_file(), SP_OK);
    cr_assert_str_eq(sp_config_text(config, "SAMPAN_MASTER_KEY"), "s3cret");
    unlink(path);
}

Test(settings, both_a_secret_and_its_file_is_an_error)
{
    write_secret("s3cret\n", 7);
    char entry[128];
    (void)snprintf(entry, sizeof entry, "SAMPAN_MASTER_KEY_FILE=%s", path);
    cr_assert_eq(load_one(entry), SP_REJECT);
    assert_problem("error: SAMPAN_MASTER_KEY: SAMPAN_MASTER_KEY_FILE is set too");
    unlink(path);
}

Test(settings, a_file_that_cannot_be_a_secret_is_told)
{
    static char large[64 * 1024 + 1];
    memset(large, 'a', sizeof large);
    cr_assert_eq(load_file(), SP_REJECT);
    assert_problem("error: SAMPAN_MASTER_KEY_FILE: cannot open /tmp/sampan-secret-");
    write_secret("", 0);
    cr_assert_eq(load_file(), SP_REJECT);
    assert_problem("is empty");
    unlink(path);
    (void)snprintf(path, sizeof path, "/tmp/sampan-secret-XXXXXX");
    write_secret(large, sizeof large);
    cr_assert_eq(load_file(), SP_REJECT);
    assert_problem("is larger than 64 KiB");
    unlink(path);
    (void)snprintf(path, sizeof path, "/tmp/sampan-secret-XXXXXX");
    write_secret("a\0b", 3);
    cr_assert_eq(load_file(), SP_REJECT);
    assert_problem("holds a zero byte");
    unlink(path);
    (void)snprintf(path, sizeof path, "/tmp");
    cr_assert_eq(load_file(), SP_REJECT);
    assert_problem("SAMPAN_MASTER_KEY_FILE: /tmp cannot be read");
}

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e"

static enum sp_result load_key(const char *key)
{
    char entry[160];
    (void)snprintf(entry, sizeof entry, "%s", key);
    char *const environment[] = {entry, NULL};
    sp_buffer_reset(&problems);
    enum sp_result result = sp_config_load(&config, key_table, NULL, environment, &problems);
    *sp_buffer_reserve(&problems, 1) = '\0';
    return result;
}

Test(settings, a_key_is_64_hex_digits_and_must_be_there)
{
    static const char *const wrong[] = {"SAMPAN_SEAL=" DIGITS "1",  "SAMPAN_SEAL=" DIGITS "1f0",
                                        "SAMPAN_SEAL=" DIGITS "1F", "SAMPAN_SEAL=" DIGITS "1g",
                                        "SAMPAN_SEAL=" DIGITS "1 ", "SAMPAN_SEAL=k"};
    for (size_t i = 0; i < SP_COUNT(wrong); i++) {
        cr_assert_eq(load_key(wrong[i]), SP_REJECT, "%s", wrong[i]);
        assert_problem("error: SAMPAN_SEAL: must be 64 digits 0-9 a-f; these are ");
        cr_assert_null(strstr(problems.data, "0001"), "the key itself is not told");
    }
    cr_assert_eq(load_key("SAMPAN_SEAL="), SP_REJECT);
    assert_problem("error: SAMPAN_SEAL: must be set (seals tokens)");
    cr_assert_eq(load_key("SAMPAN_SEAL=" DIGITS "1f"), SP_OK);
    cr_assert_str_eq(sp_config_text(config, "SAMPAN_SEAL"), DIGITS "1f");
}

Test(settings, a_key_is_a_secret)
{
    write_secret(DIGITS "1f\n", 65);
    char entry[128];
    (void)snprintf(entry, sizeof entry, "SAMPAN_SEAL_FILE=%s", path);
    cr_assert_eq(load_key(entry), SP_OK);
    cr_assert_eq(problems.data[0], '\0', "%s", problems.data);
    struct sp_buffer out = {0};
    sp_config_print(config, &out);
    *sp_buffer_reserve(&out, 1) = '\0';
    cr_assert_not_null(strstr(out.data, "SAMPAN_SEAL=********  (file)\n"));
    sp_buffer_free(&out);
    unlink(path);
}

Test(settings, printing_shows_values_and_origins_but_no_secret)
{
    char key[] = "SAMPAN_MASTER_KEY=topsecret", workers[] = "SAMPAN_WORKERS=7";
    char *const environment[] = {key, workers, NULL};
    struct sp_buffer out = {0};
    cr_assert_eq(load(environment), SP_OK);
    sp_config_print(config, &out);
    *sp_buffer_reserve(&out, 1) = '\0';
    cr_assert_not_null(strstr(out.data, "# threads\nSAMPAN_WORKERS=7  (environment)\n"));
    cr_assert_not_null(strstr(out.data, "SAMPAN_MASTER_KEY=********  (environment)\n"));
    cr_assert_not_null(strstr(out.data, "SAMPAN_TOKEN=  (default)\n"));
    cr_assert_not_null(strstr(out.data, "SAMPAN_CACHE=64MiB  (default)\n"));
    cr_assert_null(strstr(out.data, "topsecret"));
    sp_buffer_free(&out);
}

Test(settings, tables_may_be_missing)
{
    char *const environment[] = {NULL};
    cr_assert_eq(sp_config_load(&config, NULL, NULL, environment, &problems), SP_OK);
}

Test(settings, a_name_outside_the_tables_is_our_mistake, .signal = SIGABRT)
{
    cr_assert_eq(load_one("HOME=/"), SP_OK);
    (void)sp_config_text(config, "SAMPAN_NONE");
}

Test(settings, distance_counts_the_letters_to_change)
{
    cr_assert_eq(sp_name_distance("ABC", "ABC", 3), 0);
    cr_assert_eq(sp_name_distance("ABC", "ABD", 3), 1);
    cr_assert_eq(sp_name_distance("ABC", "AC", 3), 1);
    cr_assert_eq(sp_name_distance("ABC", "XABCY", 3), 2);
    cr_assert_eq(sp_name_distance("ABC", "XYZUVW", 3), 4);
    cr_assert_eq(sp_name_distance("", "ABC", 3), 3);
}

Test(settings, what_one_setting_needs_is_said_for_each_that_is_missing)
{
    static const struct sp_setting_need needs[] = {{"SAMPAN_HTTP_BIND", "SAMPAN_TOKEN"},
                                                   {"SAMPAN_HTTP_BIND", "SAMPAN_CACHE"},
                                                   {"SAMPAN_AUTO", "SAMPAN_WORKERS"},
                                                   {0}};
    char bind[] = "SAMPAN_HTTP_BIND=x", empty[] = "SAMPAN_TOKEN=", file[] = "SAMPAN_TOKEN_FILE=/f",
         cache[] = "SAMPAN_CACHE=1MiB";
    char *const none[] = {NULL}, *const alone[] = {bind, empty, NULL},
                *const whole[] = {bind, file, cache, NULL};
    cr_assert_eq(sp_config_needs(NULL, alone, &problems), SP_OK);
    cr_assert_eq(sp_config_needs(needs, none, &problems), SP_OK);
    cr_assert_eq(sp_config_needs(needs, whole, &problems), SP_OK);
    cr_assert_eq(problems.size, 0);
    cr_assert_eq(sp_config_needs(needs, alone, &problems), SP_REJECT);
    *sp_buffer_reserve(&problems, 1) = '\0';
    assert_problem("error: SAMPAN_TOKEN: must be set, since SAMPAN_HTTP_BIND is\n");
    assert_problem("error: SAMPAN_CACHE: must be set, since SAMPAN_HTTP_BIND is\n");
    cr_assert_null(strstr(problems.data, "SAMPAN_WORKERS"));
}

static void assert_kind(enum sp_setting_kind kind, const char *text, enum sp_result wanted)
{
    const struct sp_setting setting = {.name = "SAMPAN_X", .kind = kind};
    int64_t number;
    struct sp_error err;
    cr_expect_eq(sp_setting_parse(&setting, text, &number, &err), wanted, "\"%s\"", text);
}

Test(settings, an_origin_is_a_scheme_a_host_and_perhaps_a_port)
{
    static const char *const good[] = {"", "https://s3.example.com", "http://minio:9000",
                                       "http://127.0.0.1:1", "https://[::1]:9000"};
    static const char *const bad[] = {
        "s3.example.com",    "ftp://host",    "https://",          "https://host/",
        "https://host/path", "https://host:", "https://user@host", "https://host:90a",
        "https://host?x",    "https://ho st", "https://[::1]x"};
    for (size_t i = 0; i < SP_COUNT(good); i++)
        assert_kind(SP_SETTING_ORIGIN, good[i], SP_OK);
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        assert_kind(SP_SETTING_ORIGIN, bad[i], SP_REJECT);
}

Test(settings, a_word_has_no_letters_that_mean_something_elsewhere)
{
    static const char *const bad[] = {"a/b", "a b", "a:b", "a%b", "\xC3\xA9"};
    char longest[65];
    memset(longest, 'x', sizeof longest);
    longest[63] = '\0';
    assert_kind(SP_SETTING_WORD, longest, SP_OK);
    longest[63] = 'x';
    longest[64] = '\0';
    assert_kind(SP_SETTING_WORD, longest, SP_REJECT);
    assert_kind(SP_SETTING_WORD, "", SP_OK);
    assert_kind(SP_SETTING_WORD, "eu-central-1", SP_OK);
    assert_kind(SP_SETTING_WORD, "My.Designs_2", SP_OK);
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        assert_kind(SP_SETTING_WORD, bad[i], SP_REJECT);
}

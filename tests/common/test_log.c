/* Log lines, read back from stderr. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/json.h"
#include "common/log.h"

static char path[] = "/tmp/sampan-log-XXXXXX";
static int file, saved;
static char *lines[1024];
static size_t line_count;
static struct sp_arena *arena;

static void capture(enum sp_level least)
{
    arena = sp_arena_open();
    file = mkstemp(path);
    cr_assert_geq(file, 0);
    saved = dup(STDERR_FILENO);
    cr_assert_geq(dup2(file, STDERR_FILENO), 0);
    sp_log_setup("test", least);
}

/* Ends the capture and splits what was written. */
static void read_lines(void)
{
    cr_assert_geq(dup2(saved, STDERR_FILENO), 0);
    struct stat stat;
    cr_assert_eq(fstat(file, &stat), 0);
    char *text = sp_alloc((size_t)stat.st_size + 1);
    cr_assert_eq(pread(file, text, (size_t)stat.st_size, 0), stat.st_size);
    cr_assert(stat.st_size == 0 || text[stat.st_size - 1] == '\n');
    for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n")) {
        cr_assert_lt(line_count, SP_COUNT(lines));
        lines[line_count++] = at;
    }
    close(file);
    unlink(path);
}

static struct sp_text field(size_t line, const char *name)
{
    struct sp_json value;
    struct sp_error err = {""};
    cr_assert_lt(line, line_count);
    cr_assert_eq(sp_json_parse(sp_text_of(lines[line]), &value, &err), SP_OK, "%s in %s", err.text,
                 lines[line]);
    return sp_json_text(sp_json_get(value, name), arena);
}

static void expect(size_t line, const char *name, const char *wanted)
{
    struct sp_text text = field(line, name);
    cr_assert(sp_text_is(text, wanted), "%s is %.*s", name, SP_FMT(text));
}

Test(log, a_line_is_one_json_object)
{
    capture(SP_INFO);
    sp_log(SP_WARN, "peer-lost", "peer", "inventory", "why", "silent", NULL);
    sp_logf(SP_INFO, "batch-done", "count", "%d of %d", 3, 4);
    sp_log(SP_ERROR, "no-fields", NULL);
    read_lines();
    cr_assert_eq(line_count, 3);
    expect(0, "service", "test");
    expect(0, "level", "warn");
    expect(0, "event", "peer-lost");
    expect(0, "peer", "inventory");
    expect(0, "why", "silent");
    expect(1, "count", "3 of 4");
    expect(2, "level", "error");
    cr_assert_gt(field(0, "instance").size, 0);
}

Test(log, the_time_is_rfc_3339_in_utc_with_milliseconds)
{
    capture(SP_INFO);
    sp_log(SP_INFO, "now", NULL);
    read_lines();
    struct sp_text ts = field(0, "ts");
    cr_assert_eq(ts.size, strlen("2026-11-21T22:30:00.123Z"));
    static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ";
    for (size_t i = 0; i < ts.size; i++)
        cr_assert(form[i] == 'd' ? ts.data[i] >= '0' && ts.data[i] <= '9' : ts.data[i] == form[i]);
}

Test(log, values_cannot_break_the_line)
{
    capture(SP_INFO);
    sp_log(SP_INFO, "hostile", "a", "x\n{\"level\":\"error\"}\r\t\"\\\x01\x7f", "b", "áo thun ✓",
           "c", NULL, NULL);
    read_lines();
    cr_assert_eq(line_count, 1);
    expect(0, "level", "info");
    expect(0, "a", "x\n{\"level\":\"error\"}\r\t\"\\\x01\x7f");
    expect(0, "b", "áo thun ✓");
    expect(0, "c", "");
}

Test(log, what_is_not_utf8_is_replaced)
{
    capture(SP_INFO);
    sp_log(SP_INFO, "bytes", "lone", "a\xff\xfe z", "overlong", "\xc0\xaf", "surrogate",
           "\xed\xa0\x80", "cut", "\xe1\xbb", NULL);
    read_lines();
    expect(0, "lone", "a\xEF\xBF\xBD\xEF\xBF\xBD z");
    expect(0, "overlong", "\xEF\xBF\xBD\xEF\xBF\xBD");
    expect(0, "surrogate", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    expect(0, "cut", "\xEF\xBF\xBD\xEF\xBF\xBD");
}

Test(log, long_values_are_cut_between_characters)
{
    char value[3001];
    for (size_t i = 0; i < 3000; i += 3)
        memcpy(value + i, "ớ", 3);
    value[3000] = '\0';
    capture(SP_INFO);
    sp_log(SP_INFO, "long", "value", value, NULL);
    sp_logf(SP_INFO, "long-format", "value", "%s", value);
    read_lines();
    for (size_t line = 0; line < 2; line++) {
        struct sp_text text = field(line, "value");
        cr_assert_eq(text.size, 999 + strlen("…"));
        cr_assert_eq(memcmp(text.data, value, 999), 0);
    }
}

Test(log, lines_below_the_level_are_not_written)
{
    capture(SP_WARN);
    sp_log(SP_INFO, "quiet", NULL);
    sp_logf(SP_DEBUG, "quiet", "a", "b");
    sp_log(SP_WARN, "heard", NULL);
    read_lines();
    cr_assert_eq(line_count, 1);
    expect(0, "event", "heard");
}

Test(log, a_storm_of_one_event_is_counted_not_written)
{
    capture(SP_INFO);
    usleep(1000 * 1000 - (useconds_t)(sp_monotonic_us() % 1000000) + 1000); /* a second begins */
    for (int i = 0; i < 500; i++)
        sp_log(SP_WARN, "storm", NULL);
    sp_log(SP_WARN, "other", NULL);
    usleep(1000 * 1000);
    sp_log(SP_WARN, "storm", NULL);
    sp_log(SP_WARN, "storm", NULL);
    read_lines();
    cr_assert_eq(line_count, 20 + 1 + 2);
    expect(20, "event", "other");
    expect(21, "left_out", "480");
    cr_assert_eq(field(22, "left_out").size, 0);
}

Test(log, more_events_than_are_told_apart_share_one_limit)
{
    capture(SP_INFO);
    char event[32];
    for (int i = 0; i < 900; i++) {
        (void)snprintf(event, sizeof event, "event-%d", i);
        sp_log(SP_INFO, event, NULL);
    }
    read_lines();
    cr_assert_geq(line_count, 255 + 20);
    cr_assert_leq(line_count, 255 + 40); /* a second may have ended meanwhile */
    expect(254, "event", "event-254");
}

static void *write_many(void *context)
{
    char value[901];
    memset(value, *(const char *)context, 900);
    value[900] = '\0';
    for (int i = 0; i < 20; i++)
        sp_log(SP_INFO, context, "value", value, NULL);
    return NULL;
}

Test(log, lines_of_several_threads_stay_whole)
{
    static char names[4][2] = {"a", "b", "c", "d"};
    pthread_t threads[4];
    capture(SP_INFO);
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, write_many, names[i]), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    read_lines();
    cr_assert_eq(line_count, 80);
    for (size_t i = 0; i < line_count; i++) {
        struct sp_text event = field(i, "event"), value = field(i, "value");
        cr_assert_eq(value.size, 900);
        cr_assert(value.data[0] == event.data[0] && value.data[899] == event.data[0]);
    }
}

Test(log, levels_have_names)
{
    cr_assert_eq(sp_log_level_of("debug"), SP_DEBUG);
    cr_assert_eq(sp_log_level_of("error"), SP_ERROR);
    cr_assert_eq(sp_log_level_of("loud"), SP_INFO);
    cr_assert_eq(sp_log_level_of(NULL), SP_INFO);
}

Test(log, the_instance_can_be_named)
{
    cr_assert_eq(setenv("SAMPAN_INSTANCE", "inventory-1", 1), 0);
    capture(SP_INFO);
    sp_log(SP_INFO, "named", NULL);
    read_lines();
    expect(0, "instance", "inventory-1");
}

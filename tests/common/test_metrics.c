/* Figures: counting from several threads, and the text form, read back by a strict parser.
 * Covers: metrics_process.c. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/metrics.h"
#include "tests/support/promtool.h"

static struct sp_metric plain =
    SP_METRIC_COUNTER("sampan_test_total", "Plain\nwith \\ signs", NULL);
static struct sp_metric labelled = SP_METRIC_GAUGE("sampan_test_depth", "By peer", "peer");
static struct sp_metric timed = SP_METRIC_HISTOGRAM("sampan_test_seconds", "Times", "kind");

/* ---- a strict reader of the text form -----------------------------------------------------------
 */

enum { SAMPLES = 1024 };

static struct sample {
    char series[160]; /* name and labels as written */
    char metric[96];
    double value;
} samples[SAMPLES];
static size_t sample_count;
static char text[256 * 1024];

static size_t name_size(const char *at)
{
    size_t size = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:0123456789");
    cr_assert(size > 0 && strspn(at, "0123456789") == 0, "no name: %.40s", at);
    return size;
}

/* Behind the closing quote. */
static const char *skip_value(const char *at)
{
    cr_assert_eq(*at++, '"');
    while (*at != '"') {
        cr_assert_neq(*at, '\n');
        if (*at == '\\')
            cr_assert_not_null(strchr("\\n\"", *++at), "escape \\%c", *at);
        at++;
    }
    return at + 1;
}

static const char *skip_labels(const char *at)
{
    if (*at != '{')
        return at;
    do {
        at += 1 + name_size(at + 1);
        cr_assert_eq(*at, '=');
        at = skip_value(at + 1);
    } while (*at == ',');
    cr_assert_eq(*at, '}');
    return at + 1;
}

static void read_sample(const char *line, const char *metric)
{
    const char *end = skip_labels(line + name_size(line));
    cr_assert_eq(strncmp(line, metric, strlen(metric)), 0, "%s under %s", line, metric);
    cr_assert_eq(*end, ' ');
    char *rest;
    struct sample *sample = &samples[sample_count++];
    cr_assert_lt(sample_count, SAMPLES);
    sample->value = strtod(end + 1, &rest);
    cr_assert(rest > end + 1 && *rest == '\0', "no number: %s", line);
    (void)snprintf(sample->series, sizeof sample->series, "%.*s", (int)(end - line), line);
    (void)snprintf(sample->metric, sizeof sample->metric, "%s", metric);
    for (size_t i = 0; i + 1 < sample_count; i++)
        cr_assert_str_neq(samples[i].series, sample->series);
}

static void read_type(const char *line, const char *metric)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    size_t size = strlen(metric);
    cr_assert_eq(strncmp(line, "# TYPE ", 7), 0, "%s", line);
    cr_assert(strncmp(line + 7, metric, size) == 0 && line[7 + size] == ' ');
    const char *kind = line + 8 + size;
    bool known = false;
    for (size_t i = 0; i < SP_COUNT(kinds); i++)
        known = known || strcmp(kind, kinds[i]) == 0;
    cr_assert(known, "%s", line);
    bool total = size > 6 && strcmp(metric + size - 6, "_total") == 0;
    cr_assert_eq(total, strcmp(kind, "counter") == 0, "%s", line);
}

/* HELP, TYPE, samples; each metric once and in one piece; the last line ends. */
static void read_all(void (*write)(struct sp_buffer *out))
{
    struct sp_buffer out = {0};
    write(&out);
    cr_assert_lt(out.size, sizeof text);
    memcpy(text, out.data, out.size);
    text[out.size] = '\0';
    cr_assert_eq(text[out.size - 1], '\n');
    sp_buffer_free(&out);
    char metric[96] = "", seen[8192] = " ";
    sample_count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (line[0] != '#') {
            read_sample(line, metric);
            continue;
        }
        cr_assert_eq(strncmp(line, "# HELP ", 7), 0, "%s", line);
        (void)snprintf(metric, sizeof metric, " %.*s ", (int)name_size(line + 7), line + 7);
        cr_assert_null(strstr(seen, metric), "%s twice", metric);
        (void)strncat(seen, metric, sizeof seen - strlen(seen) - 1);
        (void)snprintf(metric, sizeof metric, "%.*s", (int)name_size(line + 7), line + 7);
        read_type(strtok(NULL, "\n"), metric);
    }
}

static double value_of(const char *series)
{
    for (size_t i = 0; i < sample_count; i++)
        if (strcmp(samples[i].series, series) == 0)
            return samples[i].value;
    cr_assert_fail("no %s", series);
    return 0;
}

static bool has(const char *part)
{
    for (size_t i = 0; i < sample_count; i++)
        if (strstr(samples[i].series, part) != NULL)
            return true;
    return false;
}

/* ---- tests
 * -------------------------------------------------------------------------------------------- */

Test(metrics, what_was_never_touched_is_not_written)
{
    sp_metric_add(&plain, NULL, 0);
    read_all(sp_metrics_write);
    cr_assert_eq(value_of("sampan_test_total"), 0);
    cr_assert_not(has("sampan_test_depth"));
}

Test(metrics, counters_and_gauges_carry_their_values)
{
    sp_metric_add(&plain, NULL, 5);
    sp_metric_add(&plain, NULL, 2);
    sp_metric_set(&labelled, "inventory", 9);
    sp_metric_add(&labelled, "inventory", -12);
    sp_metric_set(&labelled, "placement", INT64_MAX);
    read_all(sp_metrics_write);
    cr_assert_eq(value_of("sampan_test_total"), 7);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"inventory\"}"), -3);
    cr_assert_gt(value_of("sampan_test_depth{peer=\"placement\"}"), 9e18);
}

Test(metrics, hostile_label_values_are_escaped)
{
    sp_metric_add(&labelled, "a\"b\\c\nd} 1", 1);
    read_all(sp_metrics_write);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"a\\\"b\\\\c\\nd} 1\"}"), 1);
}

Test(metrics, label_values_are_kept_by_copy)
{
    char label[] = "short-lived";
    sp_metric_add(&labelled, label, 1);
    memset(label, 'x', sizeof label - 1);
    read_all(sp_metrics_write);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"short-lived\"}"), 1);
}

Test(metrics, too_many_label_values_go_to_other)
{
    char label[32];
    for (int i = 0; i < 100; i++) {
        (void)snprintf(label, sizeof label, "peer-%d", i);
        sp_metric_add(&labelled, label, 1);
    }
    read_all(sp_metrics_write);
    cr_assert_eq(sample_count, SP_METRIC_LABELS);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"other\"}"), 100 - (SP_METRIC_LABELS - 1));
}

Test(metrics, a_label_value_too_long_is_cut_and_stays_one)
{
    char label[300];
    memset(label, 'a', sizeof label - 1);
    label[sizeof label - 1] = '\0';
    for (int i = 0; i < 5; i++)
        sp_metric_add(&labelled, label, 1);
    read_all(sp_metrics_write);
    cr_assert_eq(sample_count, 1);
    cr_assert_eq(samples[0].value, 5);
}

Test(metrics, histogram_buckets_add_up)
{
    static const int64_t times_us[] = {-1, 0, 500, 501, 1000, 3000, 9999999, 10000000, 10000001};
    for (size_t i = 0; i < SP_COUNT(times_us); i++)
        sp_metric_observe_us(&timed, "x", times_us[i]);
    read_all(sp_metrics_write);
    cr_assert_eq(value_of("sampan_test_seconds_bucket{kind=\"x\",le=\"0.0005\"}"), 3);
    cr_assert_eq(value_of("sampan_test_seconds_bucket{kind=\"x\",le=\"0.001\"}"), 5);
    cr_assert_eq(value_of("sampan_test_seconds_bucket{kind=\"x\",le=\"0.005\"}"), 6);
    cr_assert_eq(value_of("sampan_test_seconds_bucket{kind=\"x\",le=\"5\"}"), 6);
    cr_assert_eq(value_of("sampan_test_seconds_bucket{kind=\"x\",le=\"10\"}"), 8);
    cr_assert_eq(value_of("sampan_test_seconds_bucket{kind=\"x\",le=\"+Inf\"}"), 9);
    cr_assert_eq(value_of("sampan_test_seconds_count{kind=\"x\"}"), 9);
    cr_assert_float_eq(value_of("sampan_test_seconds_sum{kind=\"x\"}"), 30.005, 1e-6);
    double before = 0;
    for (size_t i = 0; i <= SP_METRIC_BUCKETS; i++) {
        cr_assert_geq(samples[i].value, before);
        before = samples[i].value;
    }
}

Test(metrics, what_has_gone_is_no_longer_shown)
{
    static struct sp_metric_value many[SP_METRIC_LABELS];
    char names[SP_METRIC_LABELS][16];
    for (size_t i = 0; i < SP_METRIC_LABELS; i++) {
        (void)snprintf(names[i], sizeof names[i], "n%zu", i);
        many[i] = (struct sp_metric_value){names[i], (int64_t)i - 1};
    }
    sp_metric_replace(&labelled, many, SP_METRIC_LABELS);
    read_all(sp_metrics_write);
    cr_assert_eq(sample_count, SP_METRIC_LABELS);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"n0\"}"), -1);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"n23\"}"), 22);
    sp_metric_replace(&labelled, &(struct sp_metric_value){"new", 7}, 1);
    read_all(sp_metrics_write);
    cr_assert_eq(sample_count, 1);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"new\"}"), 7);
    sp_metric_replace(&labelled, NULL, 0);
    read_all(sp_metrics_write);
    cr_assert_eq(sample_count, 0);
}

static void *come_and_go(void *context)
{
    (void)context;
    for (int i = 0; i < 2000; i++) {
        const struct sp_metric_value values[] = {{i % 2 == 0 ? "even" : "odd", i}, {"both", i}};
        sp_metric_replace(&labelled, values, i % 3 == 0 ? 1 : 2);
    }
    return NULL;
}

Test(metrics, what_comes_and_goes_can_be_read_at_any_time)
{
    pthread_t thread;
    sp_metric_replace(&labelled, NULL, 0);
    cr_assert_eq(pthread_create(&thread, NULL, come_and_go, NULL), 0);
    for (int i = 0; i < 200; i++)
        read_all(sp_metrics_write);
    pthread_join(thread, NULL);
    sp_metric_replace(&labelled, NULL, 0);
}

static void *count_much(void *context)
{
    const char *own = context;
    for (int i = 0; i < 20000; i++) {
        sp_metric_add(&plain, NULL, 1);
        sp_metric_add(&labelled, i % 2 == 0 ? "shared" : own, 1);
        sp_metric_observe_us(&timed, own, i);
    }
    return NULL;
}

Test(metrics, nothing_is_lost_between_threads)
{
    static char names[4][2] = {"a", "b", "c", "d"};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, count_much, names[i]), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    read_all(sp_metrics_write);
    cr_assert_eq(value_of("sampan_test_total"), 80000);
    cr_assert_eq(value_of("sampan_test_depth{peer=\"shared\"}"), 40000);
    cr_assert_eq(value_of("sampan_test_seconds_count{kind=\"d\"}"), 20000);
}

Test(metrics, the_process_has_its_own_figures)
{
    read_all(sp_metrics_write_process);
    cr_assert_gt(value_of("process_resident_memory_bytes"), 100 * 1024);
    cr_assert_geq(value_of("process_open_fds"), 3);
    cr_assert_geq(value_of("process_cpu_seconds_total"), 0);
    cr_assert(has("sampan_build_info{version=\""));
}

Test(metrics, promtool_finds_nothing)
{
    sp_metric_add(&plain, NULL, 1);
    sp_metric_observe_us(&timed, "x", 700);
    struct sp_buffer out = {0};
    sp_metrics_write(&out);
    sp_metrics_write_process(&out);
    cr_assert_eq(test_promtool(sp_buffer_text(&out)), 0);
    cr_assert_neq(test_promtool(SP_TEXT("a_total 1\na_total 2\nno figure\n")), 0, "it does look");
    sp_buffer_free(&out);
}

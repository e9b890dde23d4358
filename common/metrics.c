/* Counters, gauges and histograms: updating without locks, writing Prometheus' text form. */
#include "common/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_METRICS = 512, LABEL_BYTES = 96 };

/* The upper bounds of the buckets; the last bucket has none. */
static const int64_t bounds_us[SP_METRIC_BUCKETS] = {500,     1000,    2000,    5000,    10000,
                                                     20000,   50000,   100000,  200000,  500000,
                                                     1000000, 2000000, 5000000, 10000000};

static _Atomic(struct sp_metric *) metrics;
/* Held where metrics or label values come and go, and while a metric is written. */
static pthread_mutex_t growing = PTHREAD_MUTEX_INITIALIZER;

/* ---- finding the series
 * -------------------------------------------------------------------------- */

static void list_metric(struct sp_metric *metric)
{
    pthread_mutex_lock(&growing);
    if (!atomic_load(&metric->listed)) {
        atomic_store(&metric->next, atomic_load(&metrics));
        atomic_store(&metrics, metric);
        atomic_store(&metric->listed, 1);
    }
    pthread_mutex_unlock(&growing);
}

static struct sp_metric_series *known_series(struct sp_metric *metric, const char *label)
{
    int used = atomic_load_explicit(&metric->used, memory_order_acquire);
    for (int i = 0; i < used; i++)
        if (strncmp(metric->series[i].label, label, LABEL_BYTES) == 0)
            return &metric->series[i];
    return NULL;
}

/* The last place is kept for all values that are too many. */
static struct sp_metric_series *new_series(struct sp_metric *metric, const char *label)
{
    pthread_mutex_lock(&growing);
    struct sp_metric_series *series = known_series(metric, label);
    int used = atomic_load(&metric->used);
    if (series == NULL && used >= SP_METRIC_LABELS - 1) {
        label = "other";
        series = known_series(metric, label);
    }
    if (series == NULL) {
        series = &metric->series[used];
        char *copy = strndup(label, LABEL_BYTES);
        SP_ASSERT(copy != NULL);
        series->label = copy; /* lives as long as the process */
        atomic_store_explicit(&metric->used, used + 1, memory_order_release);
    }
    pthread_mutex_unlock(&growing);
    return series;
}

static struct sp_metric_series *series_of(struct sp_metric *metric, const char *label)
{
    SP_ASSERT((metric->label == NULL) == (label == NULL));
    if (!atomic_load_explicit(&metric->listed, memory_order_relaxed))
        list_metric(metric);
    if (label == NULL)
        return &metric->series[0];
    struct sp_metric_series *series = known_series(metric, label);
    return series != NULL ? series : new_series(metric, label);
}

/* ---- updating
 * ------------------------------------------------------------------------------------- */

void sp_metric_add(struct sp_metric *metric, const char *label, int64_t by)
{
    SP_ASSERT(metric->kind != SP_HISTOGRAM);
    atomic_fetch_add_explicit(&series_of(metric, label)->value, by, memory_order_relaxed);
}

void sp_metric_set(struct sp_metric *metric, const char *label, int64_t value)
{
    SP_ASSERT(metric->kind == SP_GAUGE);
    atomic_store_explicit(&series_of(metric, label)->value, value, memory_order_relaxed);
}

void sp_metric_replace(struct sp_metric *metric, const struct sp_metric_value values[],
                       size_t count)
{
    SP_ASSERT(metric->kind == SP_GAUGE && metric->label != NULL && count <= SP_METRIC_LABELS);
    list_metric(metric);
    pthread_mutex_lock(&growing);
    for (int i = 0; i < atomic_load(&metric->used); i++)
        free((void *)(uintptr_t)metric->series[i].label);
    for (size_t i = 0; i < count; i++) {
        metric->series[i].label = sp_strdup(values[i].label);
        atomic_store(&metric->series[i].value, values[i].value);
    }
    atomic_store(&metric->used, (int)count);
    pthread_mutex_unlock(&growing);
}

void sp_metric_observe_us(struct sp_metric *metric, const char *label, int64_t us)
{
    SP_ASSERT(metric->kind == SP_HISTOGRAM);
    struct sp_metric_series *series = series_of(metric, label);
    size_t bucket = 0;
    while (bucket < SP_METRIC_BUCKETS && us > bounds_us[bucket])
        bucket++;
    atomic_fetch_add_explicit(&series->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&series->value, us, memory_order_relaxed);
}

/* ---- writing
 * -------------------------------------------------------------------------------------- */

/* Backslash and line feed are escaped everywhere, quotes only in label values. */
static void put_escaped(struct sp_buffer *out, const char *text, bool quoted)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\' || (quoted && *text == '"'))
            sp_buffer_put(out, "\\", 1);
        if (*text == '\n')
            sp_buffer_put(out, "\\n", 2);
        else
            sp_buffer_put(out, text, 1);
    }
}

/* name_suffix{label="value",le="bound"}: everything before the number. */
static void put_series(struct sp_buffer *out, const struct sp_metric *metric,
                       const struct sp_metric_series *series, const char *suffix, const char *bound)
{
    sp_buffer_printf(out, "%s%s", metric->name, suffix);
    if (metric->label != NULL) {
        sp_buffer_printf(out, "{%s=\"", metric->label);
        put_escaped(out, series->label, true);
        sp_buffer_put(out, "\"", 1);
    }
    if (bound != NULL)
        sp_buffer_printf(out, "%sle=\"%s\"", metric->label == NULL ? "{" : ",", bound);
    sp_buffer_put_string(out, metric->label != NULL || bound != NULL ? "} " : " ");
}

/* Micro-units as a decimal number without trailing zeros, and without a double's noise. */
static const char *seconds(int64_t us, char text[32])
{
    struct sp_buffer out = {0};
    sp_buffer_printf(&out, "%s%lld.%06lld", us < 0 ? "-" : "", llabs(us / 1000000),
                     llabs(us % 1000000));
    while (out.data[out.size - 1] == '0')
        out.size--;
    out.size -= out.data[out.size - 1] == '.';
    memcpy(text, out.data, out.size);
    text[out.size] = '\0';
    sp_buffer_free(&out);
    return text;
}

static void put_histogram(struct sp_buffer *out, const struct sp_metric *metric,
                          const struct sp_metric_series *series)
{
    char text[32];
    uint64_t sum = 0;
    for (size_t i = 0; i <= SP_METRIC_BUCKETS; i++) {
        sum += atomic_load_explicit(&series->buckets[i], memory_order_relaxed);
        put_series(out, metric, series, "_bucket",
                   i == SP_METRIC_BUCKETS ? "+Inf" : seconds(bounds_us[i], text));
        sp_buffer_printf(out, "%llu\n", (unsigned long long)sum);
    }
    put_series(out, metric, series, "_sum", NULL);
    sp_buffer_printf(out, "%s\n", seconds(atomic_load(&series->value), text));
    put_series(out, metric, series, "_count", NULL);
    sp_buffer_printf(out, "%llu\n", (unsigned long long)sum);
}

static void put_metric(struct sp_buffer *out, const struct sp_metric *metric)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    sp_buffer_printf(out, "# HELP %s ", metric->name);
    put_escaped(out, metric->help, false);
    sp_buffer_printf(out, "\n# TYPE %s %s\n", metric->name, kinds[metric->kind]);
    int used =
        metric->label == NULL ? 1 : atomic_load_explicit(&metric->used, memory_order_acquire);
    for (int i = 0; i < used; i++) {
        const struct sp_metric_series *series = &metric->series[i];
        if (metric->kind == SP_HISTOGRAM) {
            put_histogram(out, metric, series);
            continue;
        }
        put_series(out, metric, series, "", NULL);
        sp_buffer_printf(out, "%lld\n", (long long)atomic_load(&series->value));
    }
}

static int by_name(const void *a, const void *b)
{
    const struct sp_metric *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

void sp_metrics_write(struct sp_buffer *out)
{
    const struct sp_metric *sorted[MAX_METRICS];
    size_t count = 0;
    for (const struct sp_metric *at = atomic_load(&metrics); at != NULL;
         at = atomic_load(&at->next)) {
        SP_ASSERT(count < MAX_METRICS);
        sorted[count++] = at;
    }
    qsort(sorted, count, sizeof(const struct sp_metric *), by_name);
    for (size_t i = 0; i < count; i++) {
        /* Two metrics of one name would make the whole page invalid. */
        SP_ASSERT(i == 0 || strcmp(sorted[i - 1]->name, sorted[i]->name) != 0);
        pthread_mutex_lock(&growing);
        put_metric(out, sorted[i]);
        pthread_mutex_unlock(&growing);
    }
}

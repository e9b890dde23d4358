/* Figures in Prometheus' text form: counters, gauges, histograms with fixed label sets.
 *
 * A metric is a static struct; it appears in /metrics once it has been touched or registered.
 * Updates are atomic and lock-free.  Names: sampan_<noun>_<unit> or _total, base units. */
#ifndef SAMPAN_METRICS_H
#define SAMPAN_METRICS_H

#include "common/base.h"
#include "common/buffer.h"

enum sp_metric_kind { SP_COUNTER, SP_GAUGE, SP_HISTOGRAM };
enum { SP_METRIC_LABELS = 24, SP_METRIC_BUCKETS = 14 };

struct sp_metric_series {
    const char *label;     /* the label's value; a static or interned string */
    _Atomic int64_t value; /* counters and gauges; histograms: the sum in microseconds */
    _Atomic uint64_t buckets[SP_METRIC_BUCKETS + 1];
};

struct sp_metric {
    const char *name, *help;
    enum sp_metric_kind kind;
    const char *label; /* the one label's name, or NULL */
    _Atomic int used;
    struct sp_metric_series series[SP_METRIC_LABELS]; /* [0] when there is no label */
    _Atomic(struct sp_metric *) next;
    _Atomic int listed;
};

#define SP_METRIC_COUNTER(name_, help_, label_)                                                    \
    {                                                                                              \
        .name = name_, .help = help_, .kind = SP_COUNTER, .label = label_                          \
    }
#define SP_METRIC_GAUGE(name_, help_, label_)                                                      \
    {                                                                                              \
        .name = name_, .help = help_, .kind = SP_GAUGE, .label = label_                            \
    }
#define SP_METRIC_HISTOGRAM(name_, help_, label_)                                                  \
    {                                                                                              \
        .name = name_, .help = help_, .kind = SP_HISTOGRAM, .label = label_                        \
    }

/* `label` must be NULL exactly when the metric has no label.  It is kept by copy when first seen;
 * past SP_METRIC_LABELS values everything goes to "other". */
void sp_metric_add(struct sp_metric *metric, const char *label, int64_t by);
void sp_metric_set(struct sp_metric *metric, const char *label, int64_t value);
struct sp_metric_value {
    const char *label;
    int64_t value;
};
/* Makes these, each label once and at most SP_METRIC_LABELS, all that a labelled gauge shows: for
 * what comes and goes.  Nothing else may update that gauge. */
void sp_metric_replace(struct sp_metric *metric, const struct sp_metric_value values[],
                       size_t count);
/* Histograms: seconds, buckets 0.5 ms … 10 s in a 1-2-5 row. */
void sp_metric_observe_us(struct sp_metric *metric, const char *label, int64_t us);

void sp_metrics_write(struct sp_buffer *out); /* valid for `promtool check metrics` */
/* Memory, processor time, descriptors, version. */
void sp_metrics_write_process(struct sp_buffer *out);

#endif

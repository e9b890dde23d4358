/* Log lines as JSON objects on stderr, escaped, cut and rate-limited. */
#include "common/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/buffer.h"

enum {
    VALUE_BYTES = 1000,  /* of one value */
    FIELDS = 16,         /* of one line */
    LINES_A_SECOND = 20, /* of one event */
    EVENTS = 256,        /* told apart by the limit; later ones share the last place */
    EVENT_BYTES = 64,
    INSTANCE_BYTES = 128, /* host name and process */
};

struct event_rate {
    char name[EVENT_BYTES];
    int64_t second;
    unsigned written;
    uint64_t left_out;
};

static struct {
    pthread_mutex_t lock; /* guards rates and keeps lines whole */
    char service[EVENT_BYTES];
    char instance[INSTANCE_BYTES];
    struct event_rate rates[EVENTS];
    size_t rate_count;
} logger = {.lock = PTHREAD_MUTEX_INITIALIZER};
static _Atomic int least_level = SP_INFO;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void sp_log_setup(const char *service, enum sp_level least)
{
    pthread_mutex_lock(&logger.lock);
    (void)snprintf(logger.service, sizeof logger.service, "%s", service);
    const char *given = getenv("SAMPAN_INSTANCE");
    char host[64] = "unknown";
    (void)gethostname(host, sizeof host - 1);
    if (given != NULL && given[0] != '\0')
        (void)snprintf(logger.instance, sizeof logger.instance, "%s", given);
    else
        (void)snprintf(logger.instance, sizeof logger.instance, "%s-%d", host, (int)getpid());
    pthread_mutex_unlock(&logger.lock);
    atomic_store(&least_level, (int)least);
}

enum sp_level sp_log_level_of(const char *name)
{
    for (size_t i = 0; name != NULL && i < SP_COUNT(level_names); i++)
        if (strcmp(name, level_names[i]) == 0)
            return (enum sp_level)i;
    return SP_INFO;
}

/* ---- escaping ----------------------------------------------------------------------------------
 */

/* Bytes of the valid UTF-8 character at `at` (of at most `left`), or 0. */
static size_t character(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return 1;
    size_t size = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4 || size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
    bool beyond = (at[0] == 0xF4 && at[1] > 0x8F) || (at[0] == 0xED && at[1] > 0x9F);
    return overlong || beyond ? 0 : size;
}

static void put_escaped(struct sp_buffer *out, unsigned char byte)
{
    if (byte == '"' || byte == '\\')
        sp_buffer_printf(out, "\\%c", byte);
    else if (byte == '\n')
        sp_buffer_put_string(out, "\\n");
    else if (byte == '\t')
        sp_buffer_put_string(out, "\\t");
    else
        sp_buffer_printf(out, "\\u%04x", byte);
}

static void put_string(struct sp_buffer *out, const char *string)
{
    const unsigned char *at = (const unsigned char *)(string == NULL ? "" : string);
    size_t left = strnlen((const char *)at, VALUE_BYTES + 1);
    bool cut = left > VALUE_BYTES;
    if (cut)
        left = VALUE_BYTES;
    sp_buffer_put(out, "\"", 1);
    while (left > 0) {
        size_t size = character(at, left);
        if (size == 0 && !(cut && left < 4))
            sp_buffer_put_string(out, "\xEF\xBF\xBD");
        else if (size == 1 && (at[0] < 0x20 || at[0] == '"' || at[0] == '\\' || at[0] == 0x7F))
            put_escaped(out, at[0]);
        else
            sp_buffer_put(out, at, size);
        size = size == 0 ? 1 : size;
        at += size;
        left -= size;
    }
    sp_buffer_put_string(out, cut ? "…\"" : "\"");
}

static void put_field(struct sp_buffer *out, const char *name, const char *value)
{
    sp_buffer_put(out, ",", 1);
    put_string(out, name);
    sp_buffer_put(out, ":", 1);
    put_string(out, value);
}

/* ---- lines
 * --------------------------------------------------------------------------------------- */

/* With the lock held. */
static struct event_rate *rate_of(const char *event)
{
    for (size_t i = 0; i < logger.rate_count; i++)
        if (strncmp(logger.rates[i].name, event, EVENT_BYTES - 1) == 0)
            return &logger.rates[i];
    if (logger.rate_count < EVENTS)
        logger.rate_count++;
    struct event_rate *rate = &logger.rates[logger.rate_count - 1];
    if (rate->name[0] == '\0')
        (void)snprintf(rate->name, sizeof rate->name, "%s", event);
    return rate;
}

/* With the lock held: whether the line may be written, and how many were left out before it. */
static bool admit(const char *event, uint64_t *left_out)
{
    struct event_rate *rate = rate_of(event);
    int64_t second = sp_monotonic_us() / 1000000;
    if (rate->second != second) {
        rate->second = second;
        rate->written = 0;
    }
    if (rate->written >= LINES_A_SECOND) {
        rate->left_out++;
        return false;
    }
    rate->written++;
    *left_out = rate->left_out;
    rate->left_out = 0;
    return true;
}

static void put_head(struct sp_buffer *line, enum sp_level level, const char *event)
{
    int64_t now = sp_now_us();
    time_t seconds = (time_t)(now / 1000000);
    struct tm utc;
    char time[32] = "";
    if (gmtime_r(&seconds, &utc) != NULL)
        (void)strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
    sp_buffer_printf(line, "{\"ts\":\"%s.%03dZ\",\"level\":\"%s\"", time, (int)(now / 1000 % 1000),
                     level_names[level]);
    put_field(line, "service", logger.service);
    put_field(line, "instance", logger.instance);
    put_field(line, "event", event);
}

static void write_all(struct sp_text text)
{
    while (text.size > 0) {
        ssize_t written = write(STDERR_FILENO, text.data, text.size);
        if (written < 0 && errno == EINTR)
            continue;
        /* Where the log itself cannot be written there is nobody to tell. */
        if (written <= 0)
            return;
        text.data += written;
        text.size -= (size_t)written;
    }
}

static void write_line(enum sp_level level, const char *event, struct sp_text fields)
{
    struct sp_buffer line = {0};
    uint64_t left_out = 0;
    pthread_mutex_lock(&logger.lock);
    if (admit(event, &left_out)) {
        put_head(&line, level, event);
        sp_buffer_put_text(&line, fields);
        if (left_out > 0)
            sp_buffer_printf(&line, ",\"left_out\":%llu", (unsigned long long)left_out);
        sp_buffer_put_string(&line, "}\n");
        write_all(sp_buffer_text(&line));
    }
    pthread_mutex_unlock(&logger.lock);
    sp_buffer_free(&line);
}

static bool wanted(enum sp_level level)
{
    return (int)level >= atomic_load_explicit(&least_level, memory_order_relaxed);
}

void sp_log(enum sp_level level, const char *event, ...)
{
    if (!wanted(level))
        return;
    struct sp_buffer fields = {0};
    va_list args;
    va_start(args, event);
    const char *name = va_arg(args, const char *);
    for (int i = 0; name != NULL && i < FIELDS; i++) {
        put_field(&fields, name, va_arg(args, const char *));
        name = va_arg(args, const char *);
    }
    va_end(args);
    write_line(level, event, sp_buffer_text(&fields));
    sp_buffer_free(&fields);
}

void sp_logf(enum sp_level level, const char *event, const char *field, const char *format, ...)
{
    if (!wanted(level))
        return;
    char value[VALUE_BYTES + 2];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(value, sizeof value, format, args);
    va_end(args);
    struct sp_buffer fields = {0};
    put_field(&fields, field, value);
    write_line(level, event, sp_buffer_text(&fields));
    sp_buffer_free(&fields);
}

#include "services/sandbox/notifier.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/crypto.h"
#include "common/http_client.h"
#include "common/log.h"
#include "services/sandbox/schedule.h"
#include "services/sandbox/signature.h"

enum { ANSWER_BYTES = 64 * 1024, HEADER_BYTES = 96, LONGEST_WAIT_MS = 1000 };

static const int64_t retry_factors[NOTICE_RETRIES] = {1, 15, 90, 360};

struct notice {
    struct notice *next;
    int failed;     /* tries so far */
    int64_t due_us; /* monotonic */
    bool forged;    /* its signature is wrong; it is sent once */
    char *url;
    struct sp_text body;
    char texts[];
};

/* First in, first out; all delays of a row are equal, so it is sorted by `due_us`. */
struct row {
    struct notice *first, **end;
};

struct notifier {
    pthread_mutex_t lock;
    pthread_cond_t news;
    pthread_t thread;
    bool stopping;
    struct row rows[NOTICE_RETRIES + 1]; /* by `failed` */
    struct schedule held;                /* back on purpose: addresses of notices */
    struct notice_faults faults;
    struct notifier_counts counts;
    struct notice_try tries[NOTICE_TRIES]; /* a ring */
    size_t tried;
    int64_t first_retry_ms;
    char *app_key, *app_secret;
    struct truth *truth;
    struct sp_http_client *client; /* the thread's own, as all below */
    struct sp_arena *arena;
    struct notice *taken[NOTICES_AT_ONCE];
    struct sp_http_call calls[NOTICES_AT_ONCE];
    char authorization[NOTICES_AT_ONCE][HEADER_BYTES];
    const char *headers[NOTICES_AT_ONCE][3];
};

int64_t notifier_retry_after(int64_t first_retry_ms, int failed)
{
    return failed >= 1 && failed <= NOTICE_RETRIES ? first_retry_ms * retry_factors[failed - 1]
                                                   : -1;
}

static void push(struct notifier *notifier, struct notice *notice)
{
    struct row *row = &notifier->rows[notice->failed];
    notice->next = NULL;
    *row->end = notice;
    row->end = &notice->next;
}

static struct notice *pop_due(struct row *row, int64_t now_us)
{
    struct notice *notice = row->first;
    if (notice == NULL || notice->due_us > now_us)
        return NULL;
    row->first = notice->next;
    if (row->first == NULL)
        row->end = &row->first;
    return notice;
}

static void release_held(struct notifier *notifier, int64_t now_us)
{
    struct due due;
    while (schedule_take(&notifier->held, now_us, &due))
        push(notifier, (struct notice *)(uintptr_t)due.subject);
}

/* Retries first: there are few of them, and they have waited. */
static size_t take_due(struct notifier *notifier)
{
    int64_t now_us = sp_monotonic_us();
    size_t count = 0;
    release_held(notifier, now_us);
    for (int i = NOTICE_RETRIES; i >= 0; i--) {
        struct notice *notice = NULL;
        while (count < NOTICES_AT_ONCE && (notice = pop_due(&notifier->rows[i], now_us)) != NULL)
            notifier->taken[count++] = notice;
    }
    notifier->counts.waiting -= count;
    return count;
}

/* Until something is put or the thread should look again for retries. */
static void wait_a_while(struct notifier *notifier)
{
    int64_t until_us = sp_monotonic_us() + LONGEST_WAIT_MS * 1000;
    for (int i = 0; i <= NOTICE_RETRIES; i++) {
        const struct notice *first = notifier->rows[i].first;
        if (first != NULL && first->due_us < until_us)
            until_us = first->due_us;
    }
    if (schedule_first_us(&notifier->held) < until_us)
        until_us = schedule_first_us(&notifier->held);
    struct timespec until = {.tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000};
    (void)pthread_cond_timedwait(&notifier->news, &notifier->lock, &until);
}

static void prepare(struct notifier *notifier, size_t i)
{
    struct notice *notice = notifier->taken[i];
    struct sp_text signature =
        signature_of_webhook(sp_text_of(notifier->app_secret), sp_text_of(notifier->app_key),
                             notice->body, notifier->arena);
    (void)snprintf(notifier->authorization[i], HEADER_BYTES, "Authorization: %.*s",
                   SP_FMT(signature));
    if (notice->forged) /* its last digit */
        notifier->authorization[i][strlen(notifier->authorization[i]) - 1] ^= 1;
    notifier->headers[i][0] = "Content-Type: application/json";
    notifier->headers[i][1] = notifier->authorization[i];
    notifier->headers[i][2] = NULL;
    notifier->calls[i] = (struct sp_http_call){
        .method = "POST",
        .url = notice->url,
        .headers = notifier->headers[i],
        .body = notice->body,
        .timeout_ms = NOTICE_TIMEOUT_MS,
        .max_bytes = ANSWER_BYTES,
    };
}

struct told_notice {
    const struct notice *notice;
    int status;
};

static void write_notice(struct sp_json_writer *json, const void *about)
{
    const struct told_notice *told = about;
    sp_json_put_int(json, "try", told->notice->failed + 1);
    sp_json_put_int(json, "status", told->status);
    if (told->notice->forged)
        sp_json_put_bool(json, "forged", true);
    sp_json_put_raw(json, "body", told->notice->body);
}

/* A forged notice has had its one try. */
static void settle_forged(struct notifier *notifier, struct notice *notice, bool taken)
{
    notifier->counts.forged++;
    notifier->counts.forged_taken += taken ? 1 : 0;
    free(notice);
}

/* Under the lock. */
static void remember(struct notifier *notifier, const struct notice *notice, int status)
{
    struct notice_try *one = &notifier->tries[notifier->tried++ % NOTICE_TRIES];
    *one = (struct notice_try){.at = sp_now_us() / 1000000,
                               .nth = notice->failed + 1,
                               .status = status,
                               .forged = notice->forged};
    if (notice->body.size < NOTICE_BODY)
        memcpy(one->body, notice->body.data, notice->body.size);
}

/* Under the lock: the notice is done, waits for its next try, or is given up. */
static void settle(struct notifier *notifier, struct notice *notice, bool delivered)
{
    if (notice->forged) {
        settle_forged(notifier, notice, delivered);
        return;
    }
    if (delivered) {
        notifier->counts.delivered++;
        free(notice);
        return;
    }
    notifier->counts.failed_tries++;
    notice->failed++;
    int64_t delay_ms = notifier_retry_after(notifier->first_retry_ms, notice->failed);
    if (delay_ms < 0) {
        notifier->counts.given_up++;
        free(notice);
        return;
    }
    notice->due_us = sp_monotonic_us() + delay_ms * 1000;
    notifier->counts.waiting++;
    push(notifier, notice);
}

static void send_taken(struct notifier *notifier, size_t count)
{
    for (size_t i = 0; i < count; i++)
        prepare(notifier, i);
    sp_http_perform(notifier->client, notifier->calls, count);
    for (size_t i = 0; i < count; i++) {
        struct sp_http_call *call = &notifier->calls[i];
        int status = call->result == SP_OK ? call->status : 0;
        struct told_notice told = {notifier->taken[i], status};
        truth_note(notifier->truth, "webhook", write_notice, &told);
        if (status != 200 && !told.notice->forged)
            sp_log(SP_WARN, "webhook-failed", "why", status == 0 ? call->error : "not 200", NULL);
        sp_buffer_free(&call->answer);
        (void)pthread_mutex_lock(&notifier->lock);
        remember(notifier, notifier->taken[i], status);
        settle(notifier, notifier->taken[i], status == 200);
        (void)pthread_mutex_unlock(&notifier->lock);
    }
    sp_arena_reset(notifier->arena);
}

static void *run(void *context)
{
    struct notifier *notifier = context;
    (void)pthread_mutex_lock(&notifier->lock);
    while (!notifier->stopping) {
        size_t count = take_due(notifier);
        if (count == 0) {
            wait_a_while(notifier);
            continue;
        }
        (void)pthread_mutex_unlock(&notifier->lock);
        send_taken(notifier, count);
        (void)pthread_mutex_lock(&notifier->lock);
    }
    (void)pthread_mutex_unlock(&notifier->lock);
    return NULL;
}

void notifier_open(struct notifier **opened, const struct notifier_options *options)
{
    struct notifier *notifier = sp_alloc(sizeof *notifier);
    notifier->first_retry_ms = options->first_retry_ms;
    notifier->faults.seed = options->seed;
    notifier->app_key = sp_strdup(options->app_key);
    notifier->app_secret = sp_strdup(options->app_secret);
    notifier->truth = options->truth;
    notifier->client = sp_http_client_open();
    notifier->arena = sp_arena_open();
    for (int i = 0; i <= NOTICE_RETRIES; i++)
        notifier->rows[i].end = &notifier->rows[i].first;
    pthread_condattr_t monotonic;
    SP_ASSERT(pthread_condattr_init(&monotonic) == 0);
    SP_ASSERT(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    SP_ASSERT(pthread_mutex_init(&notifier->lock, NULL) == 0);
    SP_ASSERT(pthread_cond_init(&notifier->news, &monotonic) == 0);
    (void)pthread_condattr_destroy(&monotonic);
    SP_ASSERT(pthread_create(&notifier->thread, NULL, run, notifier) == 0);
    *opened = notifier;
}

static void free_row(struct row *row)
{
    while (row->first != NULL) {
        struct notice *notice = row->first;
        row->first = notice->next;
        free(notice);
    }
}

void notifier_close(struct notifier **closed)
{
    struct notifier *notifier = *closed;
    if (notifier == NULL)
        return;
    (void)pthread_mutex_lock(&notifier->lock);
    notifier->stopping = true;
    (void)pthread_cond_signal(&notifier->news);
    (void)pthread_mutex_unlock(&notifier->lock);
    (void)pthread_join(notifier->thread, NULL);
    release_held(notifier, INT64_MAX);
    schedule_free(&notifier->held);
    for (int i = 0; i <= NOTICE_RETRIES; i++)
        free_row(&notifier->rows[i]);
    sp_http_client_close(&notifier->client);
    sp_arena_close(&notifier->arena);
    (void)pthread_cond_destroy(&notifier->news);
    (void)pthread_mutex_destroy(&notifier->lock);
    free(notifier->app_key);
    free(notifier->app_secret);
    free(notifier);
    *closed = NULL;
}

static struct notice *make_notice(const char *url, struct sp_text body)
{
    size_t url_size = strlen(url) + 1;
    struct notice *notice = sp_alloc(sizeof *notice + url_size + body.size);
    notice->url = notice->texts;
    memcpy(notice->url, url, url_size);
    memcpy(notice->texts + url_size, body.data, body.size);
    notice->body = (struct sp_text){notice->texts + url_size, body.size};
    notice->due_us = sp_monotonic_us();
    return notice;
}

/* Under the lock. */
static void queue(struct notifier *notifier, struct notice *notice)
{
    int64_t delay_ms = notice_faults_delay(&notifier->faults);
    if (notifier->counts.waiting >= NOTICES_WAITING) {
        notifier->counts.dropped++;
        free(notice);
        return;
    }
    notifier->counts.queued++;
    notifier->counts.waiting++;
    if (delay_ms == 0) {
        push(notifier, notice);
        return;
    }
    notice->due_us += delay_ms * 1000;
    schedule_put(&notifier->held,
                 (struct due){.at_us = notice->due_us, .subject = (uintptr_t)notice});
}

void notifier_put(struct notifier *notifier, const char *url, struct sp_text body)
{
    (void)pthread_mutex_lock(&notifier->lock);
    struct notice_faults *faults = &notifier->faults;
    bool lost = notice_faults_take(faults, NOTICE_LOST);
    notifier->counts.lost += lost ? 1 : 0;
    if (!lost)
        queue(notifier, make_notice(url, body));
    if (!lost && notice_faults_take(faults, NOTICE_DOUBLED))
        queue(notifier, make_notice(url, body));
    if (notice_faults_take(faults, NOTICE_FORGED)) {
        struct notice *forged = make_notice(url, body);
        forged->forged = true;
        queue(notifier, forged);
    }
    (void)pthread_cond_signal(&notifier->news);
    (void)pthread_mutex_unlock(&notifier->lock);
}

void notifier_set_faults(struct notifier *notifier, const struct notice_faults *faults)
{
    (void)pthread_mutex_lock(&notifier->lock);
    notifier->faults = *faults;
    (void)pthread_mutex_unlock(&notifier->lock);
}

struct notice_faults notifier_faults(struct notifier *notifier)
{
    (void)pthread_mutex_lock(&notifier->lock);
    struct notice_faults faults = notifier->faults;
    (void)pthread_mutex_unlock(&notifier->lock);
    return faults;
}

struct notifier_counts notifier_count(struct notifier *notifier)
{
    (void)pthread_mutex_lock(&notifier->lock);
    struct notifier_counts counts = notifier->counts;
    (void)pthread_mutex_unlock(&notifier->lock);
    return counts;
}

size_t notifier_tries(struct notifier *notifier, struct notice_try tries[NOTICE_TRIES])
{
    (void)pthread_mutex_lock(&notifier->lock);
    size_t count = notifier->tried < NOTICE_TRIES ? notifier->tried : NOTICE_TRIES;
    for (size_t i = 0; i < count; i++)
        tries[i] = notifier->tries[(notifier->tried - 1 - i) % NOTICE_TRIES];
    (void)pthread_mutex_unlock(&notifier->lock);
    return count;
}

/* What a list of the order book may be asked: filters, cursors, times.  Pure. */
#ifndef INGEST_FILTERS_H
#define INGEST_FILTERS_H

#include "common/arena.h"
#include "common/service.h"

enum {
    FILTER_WORDS = 40,   /* stages or statuses in one filter, at most */
    FILTER_TOKENS = 500, /* ids searched for at once, at most */
    LIST_MOST = 200,
    LIST_USUAL = 50,
};

/* Where a page begins, and how long it is.  The cursor is "<microseconds>.<key>" of the last row.
 */
struct list_page {
    int64_t limit;
    bool first;
    int64_t at_us;
    struct sp_text after;
};

struct word_list {
    const struct sp_text *words;
    size_t count;
};

struct order_filter {
    struct word_list stages, statuses, tokens;
    struct sp_text group; /* drafts, to-process, shipped, ended; empty: any */
    int64_t shop_id;      /* 0: any */
    struct list_page page;
};

/* "a,b c" as a list; SP_REJECT when there are more than `most`. */
enum sp_result ingest_read_words(struct sp_text text, size_t most, struct sp_arena *arena,
                                 struct word_list *list) SP_MUST_USE;
/* Reads limit and cursor.  SP_REJECT says what is wrong. */
enum sp_result ingest_read_page(const struct sp_ask *ask, struct list_page *page,
                                struct sp_error *err) SP_MUST_USE;
/* Reads stage, group, status, shop, q, limit, cursor.  Words are views of the ask, lists in the
 * arena. */
enum sp_result ingest_read_filter(const struct sp_ask *ask, struct sp_arena *arena,
                                  struct order_filter *filter, struct sp_error *err) SP_MUST_USE;
/* A number among the parameters; 0 when absent. */
enum sp_result ingest_read_id(const struct sp_ask *ask, const char *name, int64_t *id,
                              struct sp_error *err) SP_MUST_USE;
/* RFC 3339 with Z or an offset, to microseconds since 1970; a fraction is read to the microsecond.
 */
enum sp_result ingest_read_time(struct sp_text text, int64_t *us) SP_MUST_USE;

#endif

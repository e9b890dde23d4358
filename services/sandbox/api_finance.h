/* What the finance calls have in common. */
#ifndef SANDBOX_API_FINANCE_H
#define SANDBOX_API_FINANCE_H

#include "services/sandbox/listing.h"
#include "services/sandbox/settlement.h"

enum { FINANCE_PAGE = 20 };

/* What was settled on one day; a statement when there was anything. */
struct statement {
    struct earning sum;
    uint32_t transactions;
};

struct statements {
    const struct shop *shop;
    uint32_t first_day;
    struct statement *days; /* in the call's arena */
    size_t count;
};
struct statements api_statements(struct api_call *call);
/* When the statement of a day was cut, as told. */
int64_t api_statement_time(const struct api_call *call, uint32_t day);

/* A page of what happened from `ge` to before `lt` (0: no bound). */
struct finance_page {
    struct listing listing;
    int64_t ge, lt;
};
/* `ge` and `lt` are the names of the bounds. */
enum api_error finance_read_page(struct api_call *call, const struct listing_rules *rules,
                                 const char *ge, const char *lt, struct finance_page *page);
bool finance_is_within(const struct finance_page *page, int64_t time);

#endif

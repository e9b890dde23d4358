/* Finding packages page by page. */
#ifndef SANDBOX_PACKAGE_SEARCH_H
#define SANDBOX_PACKAGE_SEARCH_H

#include "services/sandbox/shop.h"

enum { PACKAGE_PAGE = 50 };

enum package_sort { BY_CREATION, BY_UPDATE, BY_PAYMENT };

/* All of it must hold.  Windows are half-open; 0 is no bound. */
struct package_filter {
    int status; /* enum package_status or SEARCH_ANY */
    int64_t create_ge, create_lt, update_ge, update_lt;
    enum package_sort sort;
    bool descending;
};

struct package_page {
    uint32_t packages[PACKAGE_PAGE];
    uint64_t places[PACKAGE_PAGE]; /* in the same order */
    size_t count, total;           /* on this page; on all */
    bool more;
};

/* Up to `limit` packages behind `place` (0: from the start).  Only those whose shipment is arranged
 * or that were cancelled: others have no status to be searched by. */
void package_search(const struct shop *shop, const struct package_filter *filter, uint64_t place,
                    size_t limit, struct package_page *page);

#endif

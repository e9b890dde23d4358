/* Finding orders page by page while they change. */
#ifndef SANDBOX_ORDER_SEARCH_H
#define SANDBOX_ORDER_SEARCH_H

#include "services/sandbox/order_book.h"

enum { SEARCH_PAGE = 100, SEARCH_ANY = -1 };

/* All of it must hold.  Windows are half-open: from `ge` to before `lt`; 0 is no bound. */
struct order_filter {
    int status;          /* enum order_status or SEARCH_ANY */
    int by_seller;       /* 0, 1 or SEARCH_ANY */
    int wants_cancel;    /* 0, 1 or SEARCH_ANY */
    uint64_t user;       /* counter of a buyer's id, 0: any */
    uint32_t warehouses; /* one bit for each that will do, 0: any */
    int64_t create_ge, create_lt, update_ge, update_lt;
    bool by_update; /* sorted by last change, otherwise by creation */
    bool descending;
};

struct order_page {
    uint32_t orders[SEARCH_PAGE];
    size_t count;
    size_t total;  /* that match now, on all pages */
    uint64_t last; /* place of the last one, to go on behind */
    bool more;
};

/* Up to `limit` orders behind `place` (0: from the start).  An order that changes during a walk by
 * last change shows up again further on; none is skipped. */
void order_search(const struct order_book *book, const struct order_filter *filter, uint64_t place,
                  size_t limit, struct order_page *page);

#endif

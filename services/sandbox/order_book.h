/* All orders of a shop, and the two rows in which they are walked: by creation and by last change.
 */
#ifndef SANDBOX_ORDER_BOOK_H
#define SANDBOX_ORDER_BOOK_H

#include "common/base.h"
#include "services/sandbox/order_kind.h"
#include "services/sandbox/order_life.h"

enum order_book_limits {
    BOOK_ORDERS = 2000000,     /* in one shop, at most */
    BOOK_ORDER_LINES = 2000,   /* lines of one order */
    BOOK_ORDER_UNITS = 100000, /* units of one order */
};

#define BOOK_NONE UINT32_MAX

/* What buyer and seller settle afterwards: cases.h. */
enum case_kind { CASE_CANCEL, CASE_RETURN, CASE_KINDS };

/* Equal units of one SKU.  On the wire each unit is a line item of its own. */
struct order_line {
    uint32_t sku;
    uint32_t units;
    uint32_t cancelled;     /* units cancelled while the order went on: cases.h knows which */
    int32_t discount_minor; /* the seller's, of one unit */
    int64_t price_minor;    /* of one unit, before the discount */
};

struct order {
    struct order_times times;
    struct order_kind kind;
    int64_t shipping_minor;
    int64_t delivered_ahead; /* the sandbox's clock then, less times.delivered */
    uint64_t number;         /* counter of its id */
    uint64_t user;           /* counter of the buyer's id */
    uint64_t first_item;     /* counter of the first unit's id; the others follow */
    uint32_t first_line, line_count, units;
    uint32_t cancelled;                 /* units cancelled while it went on */
    uint32_t change_at;                 /* where it stands in `changes` */
    uint32_t first_part, next_together; /* positions + 1, see package_book.h and package_trade.h */
    uint32_t last_case[CASE_KINDS];     /* position of the newest one + 1; 0: none */
    uint32_t speed;    /* of the clock when it was paid: deadlines come that much sooner */
    uint8_t status;    /* enum order_status */
    uint8_t initiator; /* of the cancellation */
    uint8_t country;   /* region_index() */
    uint8_t warehouse;
    uint8_t moves;     /* how often its buyer has changed the address */
    bool by_seller;    /* shipping_type SELLER; otherwise TIKTOK */
    bool wants_cancel; /* the buyer has asked for it */
    bool had_hold;
};

/* What a search needs of an order, side by side, so that a walk over 100,000 touches little memory.
 */
struct glance {
    int64_t time;
    uint64_t place; /* raised by one for each entry: a position that survives changes */
    uint32_t order;
    uint8_t status;
    bool live; /* false: the order has changed since and stands further behind */
    bool by_seller, wants_cancel;
};

struct glances {
    struct glance *entries;
    size_t count, capacity;
};

/* All zero is a valid empty book. */
struct order_book {
    struct order *orders;
    struct order_line *lines;
    uint32_t *by_number; /* order number to position + 1 */
    size_t order_count, order_capacity;
    size_t line_count, line_capacity;
    size_t number_capacity;
    struct glances created; /* entry i is order i */
    struct glances changes; /* grows at its end; dead entries are swept now and then */
    size_t dead;
    uint64_t next_place, next_item, next_number;
    uint64_t units;
    uint64_t by_status[ORDER_STATUSES];
};

struct order_draft {
    uint64_t number;    /* from book_reserve */
    struct order order; /* times, status, shipping_minor, user, country …; counters are filled in */
    const struct order_line *lines;
    size_t line_count; /* 1 to BOOK_ORDER_LINES */
};

void book_free(struct order_book *book);

/* The first of `count` order numbers that nobody else gets. */
uint64_t book_reserve(struct order_book *book, size_t count);
bool book_has_room(const struct order_book *book, size_t count);

/* Orders are added in the order of their creation times.  Returns its position. */
uint32_t book_add(struct order_book *book, const struct order_draft *draft);
/* After orders of the past were added: puts `changes` in the order of their last change. */
void book_sort_changes(struct order_book *book);

/* Position of the order with this number, BOOK_NONE when there is none. */
uint32_t book_find(const struct order_book *book, uint64_t number);
/* The time its deadlines are counted from: its payment or, when it is paid at the door, its
 * creation, and what its kind waits for.  0 while it is unpaid. */
int64_t book_handled_from(const struct order *order);
/* When its goods are released, as far as can be said; with ORDER_PRE only. */
int64_t book_released_at(const struct order *order);
/* A span of the sandbox's clock as the order's buyer and seller live through it. */
int64_t book_span(const struct order *order, int64_t seconds);
const struct order_line *book_lines(const struct order_book *book, const struct order *order);

/* Lets an event happen to an order and moves it to the end of the changes.  `now` must not be
 * before the last change of any order. */
enum sp_result book_happen(struct order_book *book, uint32_t at, enum order_event event,
                           int64_t now, struct sp_error *err) SP_MUST_USE;
/* The same for a change that leaves the status as it is. */
void book_touch(struct order_book *book, uint32_t at, int64_t now);
/* `count` units of a line are cancelled while the order goes on. */
void book_cancel_units(struct order_book *book, uint32_t at, uint32_t line, uint32_t count);

#endif

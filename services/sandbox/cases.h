/* What buyer and seller settle afterwards: cancellations and returns of a shop, in one form.  Here
 * they are only kept; cancels.c and returns.c say what happens. */
#ifndef SANDBOX_CASES_H
#define SANDBOX_CASES_H

#include "common/arena.h"
#include "common/base.h"
#include "services/sandbox/order_book.h"

enum cancel_status {
    CANCEL_PENDING,
    CANCEL_SUCCESS, /* accepted: the units are cancelled */
    CANCEL_COMPLETE,
    CANCEL_CLOSED, /* rejected, taken back, or overtaken by the order's own way */
    CANCEL_STATUSES,
};

/* Equal units of one line of an order: `count` of them from the first-th on. */
struct unit_range {
    uint32_t line, first, count;
};

struct unit_set {
    const struct unit_range *ranges;
    uint32_t count;
};

struct aftersale {
    uint32_t order;    /* position in the book */
    uint32_t previous; /* the order's case of this kind before it, + 1; 0: it is the first */
    uint32_t first_range, range_count;
    uint64_t first_item;      /* counter of the id of its first unit; the others follow */
    uint64_t change;          /* raised with every change of any case of the kind */
    int64_t created, updated; /* as told */
    int64_t began, changed;   /* the same on the sandbox's clock; of returns only */
    int64_t due;              /* when it goes on by itself, on that clock; 0: never */
    int64_t deadline;         /* the same as told */
    uint64_t key;             /* of the last answer given with an idempotency key, hashed */
    uint8_t status;           /* enum cancel_status or enum return_status */
    uint8_t role;             /* enum order_initiator: who began it */
    uint8_t reason;           /* of the reasons of its kind */
    bool by_request;          /* a cancellation that the buyer asked for */
    bool whole;               /* the order's shipping fee is refunded too */
    /* of returns only */
    uint8_t type;           /* enum return_type */
    uint8_t arbitration;    /* enum arbitration */
    bool by_buyer_arranged; /* the buyer ships it back by a way of their own */
    bool by_pickup;         /* … or the platform's carrier fetches it */
    bool keeps_item, partial_refused;
    int64_t partial_minor; /* offered by the seller, 0: never */
    int64_t asked_minor;   /* the refund when it is not that of the units, 0: it is */
    int64_t sent_at;       /* by the buyer, 0: not yet */
    int64_t refunded_at;   /* on the sandbox's clock, 0: not yet */
};

/* What happened to a return, for its records. */
struct case_note {
    uint32_t which;
    uint8_t role;
    const char *description;
    const char *reason_text;
    struct sp_text note; /* the seller's comment */
    int64_t at;
    uint8_t images; /* how many were shown with it */
};

struct case_row {
    struct aftersale *all;
    size_t count, capacity;
    uint64_t next_change;
};

/* All zero is valid and empty. */
struct cases {
    struct case_row rows[CASE_KINDS];
    struct unit_range *ranges;
    size_t range_count, range_capacity;
    struct case_note *notes;
    size_t note_count, note_capacity;
    struct sp_arena *texts;
    uint64_t next_item;
};

void cases_free(struct cases *cases);

/* Adds a copy; its units, item ids and change are filled in.  Returns its position. */
uint32_t cases_add(struct cases *cases, struct order_book *book, enum case_kind kind,
                   const struct aftersale *draft, struct unit_set units);
struct aftersale *cases_at(const struct cases *cases, enum case_kind kind, uint32_t which);
struct unit_set cases_units(const struct cases *cases, const struct aftersale *one);
/* The order's newest case of a kind, or the one before another; NULL at the end. */
struct aftersale *cases_newest(const struct cases *cases, enum case_kind kind,
                               const struct order *order);
struct aftersale *cases_before(const struct cases *cases, enum case_kind kind,
                               const struct aftersale *one);
/* The newest case that names a unit, NULL when none does. */
struct aftersale *cases_of_unit(const struct cases *cases, enum case_kind kind,
                                const struct order *order, uint32_t line, uint32_t unit);

/* A unit, by its place in the order, was cancelled while the order went on. */
bool cases_took_unit(const struct cases *cases, const struct order_book *book,
                     const struct order *order, uint32_t place);

/* A case has changed: its time, and its place among the changes. */
void cases_changed(struct cases *cases, enum case_kind kind, struct aftersale *one, int64_t now);
/* After cases of the past were added: the order of changes becomes that of their times. */
void cases_sort_changes(struct cases *cases);

/* The text of the note is copied, its other texts must last. */
void cases_note(struct cases *cases, const struct case_note *note);

struct refund {
    int64_t subtotal, shipping, total, discount; /* minor units */
};
struct refund cases_refund(const struct cases *cases, const struct order_book *book,
                           const struct aftersale *one);
struct refund cases_refund_of(const struct order_book *book, const struct order *order,
                              struct unit_set units, bool whole);
uint64_t cases_unit_count(struct unit_set units);

#endif

/* What the marketplace is asked to do, and what its answers mean for that: the rules, pure.
 *
 * A call that changes something goes out once.  When its answer is lost, or is a refusal (which may
 * say that it was done before), the marketplace is looked at before anything else happens. */
#ifndef SAMPAN_CONNECTOR_TASK_H
#define SAMPAN_CONNECTOR_TASK_H

#include "common/state.h"
#include "proto/messages.h"
#include "services/connector/pull_store.h"

enum task_kind {
    TASK_SHIP,         /* packages that exist */
    TASK_MARK_SHIPPED, /* an order without packages, by the seller's own carrier */
    TASK_CANCEL,       /* by the seller */
    TASK_ACCEPT_CANCEL,
    TASK_DECLINE_CANCEL,
    TASK_ACCEPT_RETURN,
    TASK_DECLINE_RETURN,
    TASK_PRICE,    /* absolute: asking twice is asking once */
    TASK_DOCUMENT, /* a package's label: asking changes nothing */
    TASK_LISTING,  /* a product as it is listed: asking changes nothing */
    TASK_KINDS,
};
extern const char *const task_kind_names[TASK_KINDS]; /* as stored */

enum task_state {
    TASK_WANTED, /* nothing was asked that changes anything */
    TASK_ASKED,  /* a call went out whose effect is not known */
    TASK_LABEL,  /* shipped; tracking numbers are awaited */
    TASK_DONE,
    TASK_REFUSED,
    TASK_WITHDRAWN, /* before it was asked */
    TASK_STATES,
};
enum task_event {
    TASK_SUCCEEDED,
    TASK_SHIPPED,    /* done, and tracking numbers are to come */
    TASK_UNSURE,     /* no answer, or a refusal: look */
    TASK_FOUND_OPEN, /* looked: not done */
    TASK_GAVE_UP,    /* looked: not done, and it was refused; or it has become impossible */
    TASK_EVENTS,
};
extern const struct sp_machine task_machine;

/* A task in hand. */
struct task {
    struct shop_access access;
    struct sp_text key;
    enum task_kind kind;
    int state; /* as it was when it was taken */
    int64_t taken;
    int tries;
    struct sp_text channel_order_id, decision, refusal;
    int64_t now_s;
    uint8_t trace[SP_TRACE_BYTES];
    struct shipment_requested shipment;                      /* of SHIP and MARK_SHIPPED */
    struct action_requested action;                          /* of the answers and CANCEL */
    struct sp_text package_id, document_type, document_size; /* of DOCUMENT */
    struct sp_text product_id, body;                         /* of PRICE and LISTING */
};

/* Whether asking once more changes nothing: there is nothing to look at and nobody to tell. */
bool task_is_repeatable(const struct task *task);
/* Whether the next call looks, instead of asking.  A return's first call looks what it waits for.
 */
bool task_looks(const struct task *task);

/* What a call came to. */
enum task_word {
    TASK_YES,       /* asked: done.  looked: it is done */
    TASK_NO,        /* asked: refused.  looked: it can be done no more */
    TASK_OPEN,      /* looked: it is not done */
    TASK_NO_ANSWER, /* asked: perhaps done.  looked: nothing was learnt */
    TASK_NOT_ASKED, /* it did not get there: again in wait_ms */
};
struct task_answer {
    enum task_word word;
    /* Of NO, NO_ANSWER and NOT_ASKED, for people: the marketplace's words, or one of ours in
     * capitals, which screens translate, and what it is about. */
    struct sp_text problem;
    struct sp_text decision, result;
    bool complete; /* of YES: every package has its tracking number */
    int64_t wait_ms;
    struct channel_package *packages; /* those that are shipped */
    size_t package_count;
};

/* What becomes of the task. */
struct task_end {
    const struct task *task;
    int state;
    struct sp_text decision, refusal, problem, result;
    int64_t wait_ms;  /* until it is due again; 0: at once */
    bool counts;      /* as a try */
    const char *tell; /* ACCEPTED, REFUSED, LABELLED, UNKNOWN; NULL: nothing new */
    const struct channel_package *packages;
    size_t package_count;
};
/* `random`: any number, for jitter. */
struct task_end task_decide(const struct task *task, const struct task_answer *answer,
                            uint32_t random);

/* "<order>/<attempt>" → the order. */
struct sp_text task_order_of(struct sp_text shipment_key);

#endif

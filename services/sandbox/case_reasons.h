/* Why orders are cancelled and goods returned, and why a seller refuses it: the marketplace's names
 * and what they mean. */
#ifndef SANDBOX_CASE_REASONS_H
#define SANDBOX_CASE_REASONS_H

#include "services/sandbox/order_book.h"
#include "services/sandbox/region.h"

struct case_reason {
    const char *name, *text;
};

enum { REASON_NONE = -1 };

/* ---- cancellations: which names there are depends on who cancels, where, and whether it was paid
 */
int cancel_reason_of(struct sp_text name); /* REASON_NONE when unknown */
struct case_reason cancel_reason(int reason);
bool cancel_reason_fits(int reason, const struct region *region, enum order_initiator who,
                        enum order_status status);
/* The usual one, for cancellations without a word. */
int cancel_reason_usual(const struct region *region, enum order_initiator who,
                        enum order_status status);
/* The goods are gone: what is shown of them becomes 0. */
bool cancel_reason_sells_out(int reason);

/* ---- returns */
int return_reason_of(struct sp_text name);
struct case_reason return_reason(int reason);

/* ---- refusals by the seller; those of cancellations are others than those of returns */
int reject_reason_of(enum case_kind kind, struct sp_text name);
struct case_reason reject_reason(enum case_kind kind, int reason);
int reject_reason_count(enum case_kind kind);

#endif

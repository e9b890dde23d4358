/* What became of an order in an import run: which words say so, and which are worth another try.
 * Pure. */
#ifndef INGEST_RUN_RULES_H
#define INGEST_RUN_RULES_H

#include "services/order-ingest/filters.h"

/* All results of a line, as the view run_line_result words them. */
extern const struct word_list run_results;
/* Those that another load may mend: what failed, what never came, what is not ready. */
extern const struct word_list run_unready;

/* The parameter `result`, one or several by comma; none: any.  SP_REJECT says what is wrong. */
enum sp_result run_read_results(const struct sp_ask *ask, struct sp_arena *arena,
                                struct word_list *results, struct sp_error *err) SP_MUST_USE;

#endif

/* What was read of statements becomes work: each is read for what it is made of. */
#ifndef SAMPAN_CONNECTOR_ACCEPT_STATEMENT_H
#define SAMPAN_CONNECTOR_ACCEPT_STATEMENT_H

#include "services/connector/accept.h"

struct accept_statement {
    struct accept_source from;
    struct channel_statement fact;
};

/* Reads the elements of a page.  What cannot be read is left out and counted in a metric. */
size_t accept_read_statements(struct sp_ctx *ctx, struct sp_json array,
                              const struct accept_source *from,
                              struct accept_statement statements[PAGE_IDS]);
/* Stores those that say something new, within a transaction. */
enum sp_result accept_statements(struct sp_ctx *ctx, const struct accept_statement statements[],
                                 size_t count) SP_MUST_USE;

#endif

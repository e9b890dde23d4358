/* What a list leaves out of its elements, asked for those that changed: a product's picture and the
 * names of its SKUs; the reasons with which a return may be declined, and what the buyer showed. */
#ifndef SAMPAN_CONNECTOR_DETAILS_H
#define SAMPAN_CONNECTOR_DETAILS_H

#include "services/connector/page.h"

/* Nothing to do for a page of orders or statements.  When the marketplace does not answer the page
 * is put off: its elements would look complete and be asked for no more.  What is refused (a
 * product is frozen or deleted) goes without. */
enum sp_result details_add(struct sp_ctx *ctx, struct pull_page *page) SP_MUST_USE;

#endif

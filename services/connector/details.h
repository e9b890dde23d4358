/* Details of listings: what a search leaves out, read one product at a time for those that changed.
 */
#ifndef SAMPAN_CONNECTOR_DETAILS_H
#define SAMPAN_CONNECTOR_DETAILS_H

#include "services/connector/page.h"

/* Completes the changed listings of a page by their picture and the names of their SKUs.  Nothing
 * to do for a page of orders.  When the marketplace does not answer the page is put off: its
 * listings would look complete and be asked for no more.  A product whose details are refused
 * (frozen, deleted) goes without. */
enum sp_result details_add(struct sp_ctx *ctx, struct pull_page *page) SP_MUST_USE;

#endif

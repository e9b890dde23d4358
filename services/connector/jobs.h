/* What the connector does without being asked. */
#ifndef SAMPAN_CONNECTOR_JOBS_H
#define SAMPAN_CONNECTOR_JOBS_H

#include "common/service.h"

/* Fetches the orders that webhooks, gaps and people asked for; woken by each webhook. */
enum sp_result fetch_orders(struct sp_ctx *ctx);
/* Reads the next pages of streams and import runs that are due. */
enum sp_result pull_pages(struct sp_ctx *ctx);
/* Reads what statements are made of. */
enum sp_result read_statements(struct sp_ctx *ctx);
/* Takes buyers' data out of what has waited too long to be sent. */
enum sp_result forget_buyers(struct sp_ctx *ctx);
/* Makes the rows of days that have begun. */
enum sp_result open_days(struct sp_ctx *ctx);
/* Lists days that are due, for the order book to compare. */
enum sp_result list_days(struct sp_ctx *ctx);
/* Tells the marketplace the stock of products that are due. */
enum sp_result push_stock(struct sp_ctx *ctx);
/* Looks where shops' webhooks go. */
enum sp_result register_hooks(struct sp_ctx *ctx);
/* Finds the ciphers of shops whose own are refused. */
enum sp_result renew_ciphers(struct sp_ctx *ctx);
/* Reads back what listings show. */
enum sp_result probe_stock(struct sp_ctx *ctx);
/* Asks the marketplace for what others want of it, and looks what became of it. */
enum sp_result run_tasks(struct sp_ctx *ctx);
/* Exchanges codes for tokens, lists the shops of new grants. */
enum sp_result advance_connects(struct sp_ctx *ctx);
/* Refreshes tokens that are due. */
enum sp_result refresh_tokens(struct sp_ctx *ctx);
/* Brings shops in line with their grants, warns before one ends, forgets old notices. */
enum sp_result review_grants(struct sp_ctx *ctx);
/* Shows for /metrics which shops are pulled too seldom, whose consent ends. */
enum sp_result measure_shops(struct sp_ctx *ctx);

extern const struct sp_job connector_jobs[];

#endif

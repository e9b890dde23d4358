/* Statements and what they are made of, as the marketplace writes them, to facts. */
#ifndef SAMPAN_CONNECTOR_FINANCE_JSON_H
#define SAMPAN_CONNECTOR_FINANCE_JSON_H

#include "common/json.h"
#include "proto/messages.h"

/* One element of `statements`: all but head, shop and the number of its transactions.  SP_REJECT:
 * it has no usable id or time. */
enum sp_result tiktok_read_statement(struct sp_json json, struct sp_arena *arena,
                                     struct channel_statement *fact,
                                     struct sp_error *err) SP_MUST_USE;

/* One element of `transactions` of this statement: all but head and shop.  Amounts are signed as
 * the marketplace gives them, and never added up here.  SP_REJECT: it has no usable id. */
enum sp_result tiktok_read_transaction(struct sp_json json,
                                       const struct channel_statement *statement,
                                       struct sp_arena *arena, struct channel_settlement *fact,
                                       struct sp_error *err) SP_MUST_USE;

#endif

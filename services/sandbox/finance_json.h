/* Earnings as the marketplace's finance calls show them: in the words of 202309 and of 202501. */
#ifndef SANDBOX_FINANCE_JSON_H
#define SANDBOX_FINANCE_JSON_H

#include "common/json.h"
#include "services/sandbox/settlement.h"

/* settlement_amount, revenue_amount, net_sales_amount, fee_amount … */
void finance_put_sums(struct sp_json_writer *json, const struct shop *shop,
                      const struct earning *earning);
/* … and what they are made of. */
void finance_put_parts(struct sp_json_writer *json, const struct shop *shop,
                       const struct earning *earning);
/* revenue_breakdown, shipping_cost_breakdown, fee_tax_breakdown. */
void finance_put_breakdowns(struct sp_json_writer *json, const struct shop *shop,
                            const struct earning *earning);
/* "id", "type", "order_id", "order_create_time": what a transaction is about. */
void finance_put_subject(struct sp_json_writer *json, const struct shop *shop,
                         const struct transaction *one);
uint64_t finance_transaction_id(const struct shop *shop, const struct transaction *one);

#endif

/* What people may ask of the order book. */
#ifndef INGEST_ASKS_H
#define INGEST_ASKS_H

#include "common/service.h"

extern const struct sp_ask_route ingest_asks[];

/* Answers 200 with the JSON document of the first row, 404 without one; NULL means that it failed.
 */
enum sp_result ingest_answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
                                      struct sp_answer *answer);

/* Answers 200 with a page of a file, as the gateway's export.h wants it: a line with the next
 * page's cursor (column 1, empty at the end), the heading, the lines of column 0. */
enum sp_result ingest_answer_csv(struct sp_ctx *ctx, const struct sp_rows *rows,
                                 const char *heading, struct sp_answer *answer);

/* asks_import.c */
enum sp_result ask_load(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_runs(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_run_lines(struct sp_ctx *ctx, const struct sp_ask *ask,
                             struct sp_answer *answer);
enum sp_result ask_run_lines_csv(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_load_again(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);

/* asks_status.c */
enum sp_result ask_statuses(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_status_history(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
enum sp_result ask_preview_statuses(struct sp_ctx *ctx, const struct sp_ask *ask,
                                    struct sp_answer *answer);
enum sp_result ask_save_statuses(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);

/* asks_days.c */
enum sp_result ask_certificates(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);

/* asks_return.c */
struct return_action;
enum sp_result ask_returns(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_return_counts(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_return(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_answer_return(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
/* 202: it is asked for, now or before. */
enum sp_result ingest_answer_requested(struct sp_answer *answer);
/* Notes what a person wants done (account, user and trace are the ask's), tells the connector,
 * answers 202. */
enum sp_result ingest_act(struct sp_ctx *ctx, const struct sp_ask *ask, int64_t shop_id,
                          struct return_action *action, struct sp_answer *answer);

/* asks_person.c */
enum sp_result ask_buyer(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_buyer_accesses(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
enum sp_result ask_erasures(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_erase_buyer(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);

/* asks_deletion.c */
enum sp_result ask_delete_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_restore_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);

/* asks_manual.c */
enum sp_result ask_add_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                             struct sp_answer *answer);
enum sp_result ask_change_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
enum sp_result ask_customer(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
/* Cancels an order made by hand, at once. */
enum sp_result ingest_cancel_manual(struct sp_ctx *ctx, const struct sp_ask *ask,
                                    struct sp_text reason, struct sp_answer *answer);

/* asks_sheet.c */
enum sp_result ask_import_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);

/* asks_settlement.c */
enum sp_result ask_settlements(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);
enum sp_result ask_settlement_report(struct sp_ctx *ctx, const struct sp_ask *ask,
                                     struct sp_answer *answer);
enum sp_result ask_settlement_csv(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);

/* asks_note.c */
enum sp_result ask_notes(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_add_note(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_change_note(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);

/* asks_tag.c */
enum sp_result ask_tags(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_make_tag(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_change_tag(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);
enum sp_result ask_delete_tag(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);
enum sp_result ask_tag_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);

/* asks_cancel.c */
enum sp_result ask_cancelling(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);
enum sp_result ask_cancel_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);

#endif

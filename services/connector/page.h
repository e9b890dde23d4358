/* One page of a pull: asking for it, reading it, deciding where it leads. */
#ifndef SAMPAN_CONNECTOR_PAGE_H
#define SAMPAN_CONNECTOR_PAGE_H

#include "services/connector/accept_return.h"
#include "services/connector/accept_statement.h"
#include "services/connector/call.h"
#include "services/connector/stream.h"

struct pull_page {
    struct pull_task *task;
    const struct stream *stream; /* of the task's kind, from page_ask on */
    struct paging before;        /* the task's paging before this page */
    struct tiktok_call call;
    struct accept_order *orders;
    struct accept_listing *listings;
    struct accept_return *returns;
    struct accept_statement *statements;
    size_t count; /* of whichever the stream is of; orders the edge knew are left out */
    struct accept_refusal *refused;
    size_t refused_count;
    struct pull_step step;
    bool has_content; /* step.pages = 1: what was read is to be stored */
    bool token_refused;
};

/* The call that asks for the task's next page. */
void page_ask(struct sp_ctx *ctx, struct pull_page *page);
/* Reads the answer: the page's content, the task's new position, the step to store. */
void page_read(struct sp_ctx *ctx, struct pull_page *page);
/* The step for a page that cannot be completed now: from where it stood, in `wait_ms`. */
void page_put_off(struct sp_ctx *ctx, struct pull_page *page, const struct tiktok_call *because,
                  int64_t wait_ms);
/* The step for a page whose content cannot be stored: later, from where it stood. */
void page_give_up(struct sp_ctx *ctx, struct pull_page *page, const char *problem);

#endif

/* Connections in the making, in the database (states.md, "Connecting"). */
#ifndef SAMPAN_CONNECTOR_CONNECT_STORE_H
#define SAMPAN_CONNECTOR_CONNECT_STORE_H

#include "common/service.h"
#include "services/connector/shop_store.h"

enum { CONNECT_SHOPS = 50 /* shops one grant may offer */, CONNECT_TRIES = 5 };

/* What the seller entered before the consent. */
struct connect_request {
    struct sp_text alias, region, account_type, email, phone, duration;
    struct sp_text session; /* who began it: the return must come in the same one */
};

/* A connection a job has taken. */
struct connect_task {
    int64_t account_id;
    struct sp_text connect_id; /* uuid as text */
    struct sp_text state;
    struct sp_text code_sealed;
    struct sp_text access_sealed;
    int64_t grant_id;
    int tries;
    int64_t now_s;
};

/* A shop of a grant. */
struct connect_shop {
    struct sp_text channel_shop_id, cipher, name, region;
    struct sp_text problem; /* why the test call failed; empty: it worked */
};

/* What the seller chose for one shop. */
struct connect_choice {
    struct sp_text channel_shop_id, alias;
    int64_t warehouse_id;
    struct sp_text history; /* none, days, range */
    int64_t from_s, until_s;
};

/* Both tokens and what came with them. */
struct grant_tokens {
    struct sp_text access_sealed, refresh_sealed;
    struct sp_text open_id, seller_name, region;
    int64_t access_ends_s, ends_s, refresh_s;
};

/* Stores a new connection that waits for consent; returns its id. */
enum sp_result store_begin_connect(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   const struct connect_request *request, struct sp_text state_hash,
                                   struct sp_text *connect_id) SP_MUST_USE;

/* The browser came back: WAITING becomes EXCHANGING, or FAILED when there is no code or it is too
 * late. `key` seals the code.  Repeats change nothing.  SP_REJECT: no such state. */
struct connect_return {
    struct sp_text state_hash, code;
    int64_t account_id;        /* in which account and session the browser is signed in */
    struct sp_text session;    /* likewise */
    struct sp_text connect_id; /* out */
    bool owned;                /* out: it was begun in this account and session */
    bool taken;                /* out: this return moved it on */
};
enum sp_result store_find_return(struct sp_ctx *ctx, struct connect_return *back) SP_MUST_USE;
enum sp_result store_take_return(struct sp_ctx *ctx, struct connect_return *back,
                                 struct sp_text code_sealed) SP_MUST_USE;

/* {"state":…,"shops":[…],"problem":…}.  SP_REJECT: no such connection in this account. */
enum sp_result store_connect_document(struct sp_ctx *ctx, int64_t account_id,
                                      struct sp_text connect_id,
                                      struct sp_buffer *document) SP_MUST_USE;

/* Takes connections that are to be exchanged or listed (lease 60 s), and ends those that are too
 * late. */
enum sp_result store_take_connects(struct sp_ctx *ctx, struct connect_task *tasks, size_t most,
                                   size_t *count) SP_MUST_USE;
/* A number for a grant: its tokens are sealed under its name before the row is stored. */
enum sp_result store_next_grant(struct sp_ctx *ctx, int64_t *grant_id) SP_MUST_USE;
/* EXCHANGING becomes LISTING: the grant is stored, the code destroyed.  Queues. */
void store_exchanged(struct sp_ctx *ctx, const struct connect_task *task,
                     const struct grant_tokens *tokens);
/* LISTING becomes CHOOSING.  Queues. */
void store_listed(struct sp_ctx *ctx, const struct connect_task *task,
                  const struct connect_shop shops[], size_t count);
/* The task ends FAILED, in these words for people; its tokens are destroyed.  Queues. */
void store_connect_failed(struct sp_ctx *ctx, const struct connect_task *task, const char *problem);
/* Tried again in `wait_ms`.  Queues. */
void store_connect_later(struct sp_ctx *ctx, const struct connect_task *task, int64_t wait_ms);

/* A confirmed choice, and what came of it. */
struct connect_confirm {
    struct sp_text connect_id;
    const struct connect_choice *choices;
    size_t count;
    struct shop_key shops[CONNECT_SHOPS]; /* out: in no order */
    bool again[CONNECT_SHOPS];            /* out: of each, whether it was connected already */
    const char *code; /* out, when refused: which rule; NULL: something else failed */
};

/* CHOOSING becomes DONE: shops made or revived, grant LIVE, pulls begun.  SP_REJECT: not CHOOSING
 * any more, a shop that is not the grant's, does not answer, or is connected in another account. */
enum sp_result store_confirm(struct sp_ctx *ctx, const struct sp_ask *ask,
                             struct connect_confirm *confirm) SP_MUST_USE;
/* The database's clock, in seconds. */
enum sp_result store_now(struct sp_ctx *ctx, int64_t *now_s) SP_MUST_USE;

/* CHOOSING or before becomes DECLINED and the tokens are destroyed.  SP_REJECT: neither. */
enum sp_result store_decline(struct sp_ctx *ctx, int64_t account_id,
                             struct sp_text connect_id) SP_MUST_USE;

#endif

/* Orders made by hand: what may be in one, what it becomes, and until when it may be changed. Pure.
 *
 * They have no shop: their key is that of the shop MANUAL_SHOP and the seller's own reference
 * (docs/decisions/0018-orders-made-by-hand.md). */
#ifndef INGEST_MANUAL_RULES_H
#define INGEST_MANUAL_RULES_H

#include "common/json.h"
#include "proto/messages.h"

enum {
    MANUAL_LINES = 100,
    MANUAL_UNITS = 10000, /* of one line */
    MANUAL_REFERENCE_BYTES = 32,
    MANUAL_SKU_BYTES = 64,
    MANUAL_NAME_BYTES = 200,
    MANUAL_PHONE_BYTES = 40,
    MANUAL_TEXT_BYTES = 500, /* address, note */
};
#define MANUAL_PRICE_MINOR INT64_C(1000000000000) /* of a unit, of the shipping */

struct manual_line {
    struct sp_text sku, name;
    int64_t units, price_minor;
};

/* As a person wrote it. */
struct manual_order {
    struct sp_text reference, currency, note;
    bool is_cod;
    int64_t shipping_minor;
    struct manual_line *lines;
    size_t line_count;
    struct sp_text customer, phone, address;
};

/* What is wrong with it. */
struct manual_fault {
    const char *code;   /* NULL: nothing */
    const char *detail; /* for people */
    size_t line;        /* from 1; 0: the order */
};

/* Reads {"reference", "currency", "is_cod", "note", "shipping_minor", "lines": [{"sku", "name",
 * "units", "price_minor"}], "customer": {"name", "phone", "address"}}; what is missing stays empty,
 * or is below 0 where that is no amount.  Up to one line more than is allowed. */
void manual_read(struct sp_json body, struct sp_arena *arena, struct manual_order *order);
struct manual_fault manual_check(const struct manual_order *order);

/* Whether an order's key is that of one made by hand. */
bool manual_is(struct sp_text key);
struct sp_text manual_reference(struct sp_text key);
struct sp_text manual_key(struct sp_text reference, struct sp_arena *arena);

/* The order as it is kept. */
struct manual_past {
    bool known;
    int64_t upstream_rev, content_hash, created_at, updated_at;
    bool deleted;
    struct sp_text status, stage; /* stage: empty while placement has not said */
    struct sp_text customer;      /* as manual_customer wrote it; empty: nothing is kept */
};

/* What a person wants with it. */
enum manual_wish {
    MANUAL_ADD,    /* a new one */
    MANUAL_CHANGE, /* one that is there */
    MANUAL_PUT,    /* either: a line of a file */
};
/* NULL: it may be.  Else why not: NOT_FOUND, REFERENCE_TAKEN, DELETED, CANCELLED, PLACED. */
const char *manual_refusal(enum manual_wish wish, const struct manual_past *past);
/* The same for cancelling one; "" when it is cancelled already.  DELETED, SHIPPED. */
const char *manual_cancel_refusal(const struct manual_past *past);

/* The checked order as the order book takes it in, in the arena, without its buyer; `updated_at` as
 * before, so that one that says the same has the same content. */
void manual_make(const struct manual_order *order, const struct manual_past *past, int64_t now,
                 struct sp_arena *arena, struct channel_order *made);
/* Makes a cancelled one of it. */
void manual_cancel(struct channel_order *order, struct sp_text reason, int64_t now,
                   struct sp_arena *arena);

/* Who bought it, as JSON with the names that a marketplace's buyer has; empty: nobody is named. */
struct sp_text manual_customer(const struct manual_order *order, struct sp_arena *arena);

#endif

/* A sandbox in memory and signed calls to it, without HTTP. */
#ifndef SANDBOX_TEST_RIG_H
#define SANDBOX_TEST_RIG_H

#include "common/arena.h"
#include "common/json.h"
#include "common/state.h"
#include "services/sandbox/api.h"
#include "services/sandbox/sandbox.h"

/* Key, secret and so on of the reference's vectors; two warehouses, 20 products. */
struct sandbox_options rig_options(void);
struct sandbox *rig_open(const struct sandbox_options *options);
/* The seller agrees, the code becomes tokens: calls are allowed from now on. */
void rig_authorize(struct sandbox *sandbox);

/* One call; everything may be left out but method and path. */
struct rig_call {
    const char *method, *path;
    const char *query; /* "page_size=2&sort_order=ASC", encoded */
    const char *body;
    const char *sign_body;                /* what is signed in place of the body; NULL: the body */
    const char *app_key, *token, *cipher; /* NULL: the right ones; "": none */
    const char *sign;                     /* NULL: the right one; "": none */
    const char *content_type;             /* NULL: application/json */
    int64_t late_s;                       /* how old the timestamp is */
    bool without_cipher;
};

struct rig_answer {
    int status;
    struct sp_json whole, data;
    int64_t code;
    struct sp_text message;
};

/* The answer lives as long as the arena. */
struct rig_answer rig_call(struct sandbox *sandbox, struct sp_arena *arena,
                           const struct rig_call *call);

/* "data.orders.0.id" from a value; an absent one is of kind NONE. */
struct sp_json rig_at(struct sp_json value, const char *path);
struct sp_text rig_text(struct sp_json value, const char *path, struct sp_arena *arena);
int64_t rig_int(struct sp_json value, const char *path);

/* ---- what most tests share
 * ------------------------------------------------------------------------------------------ */

/* One sandbox whose seller has agreed, its first shop, and an arena for the answers.  Its clock
 * stands, and stamps what happens. */
extern struct rig {
    struct sandbox *sandbox;
    struct shop *shop;
    struct sp_arena *arena;
} rig;
void rig_begin(void);
void rig_begin_with(const struct sandbox_options *options);
void rig_finish(void);

/* Signed calls to it; `query` and `body` may be NULL. */
struct rig_answer rig_send(const char *method, const char *path, const char *query,
                           const char *body);
struct rig_answer rig_get(const char *path, const char *query);
struct rig_answer rig_post(const char *path, const char *query, const char *body);
/* The text at a path of a value is the one wanted. */
bool rig_is(struct sp_json value, const char *path, const char *wanted);
/* The amount at a path, in a hundredth of the currency. */
int64_t rig_minor(struct sp_json value, const char *path);

/* Orders as asked for by command: `count` of them in `status`.  The first one's position. */
uint32_t rig_place(struct sandbox *sandbox, size_t count, enum order_status status);
/* An order of two units of each of two SKUs, with a shipping fee. */
uint32_t rig_place_four(enum order_status status);
/* An id of the first shop, ended by a zero. */
const char *rig_id(enum id_kind kind, uint64_t counter);
/* The order at a position, as the search and detail name it, and one of its units. */
const char *rig_order(uint32_t at);
const char *rig_item(uint32_t at, uint32_t unit);

/* ---- time and states
 * ------------------------------------------------------------------------------------------ */

/* A sandbox's own clock goes on, and what becomes due happens. */
void rig_pass(struct sandbox *sandbox, int64_t seconds);

/* states.md has the table of all states and events of a machine as it is, … */
void rig_table_is_documented(const struct sp_machine *machine);
/* … or the list of its steps. */
void rig_steps_are_documented(const struct sp_machine *machine);

#endif

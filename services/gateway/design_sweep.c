/* The store at the start, and files in it that nobody knows: those of an upload that ended before
 * it was known, and of designs that were forgotten.
 *
 * Product-mapper is asked about a page of names.  Those it does not know are leased, so that nobody
 * stores them anew meanwhile, and asked about once more: only what is still unknown then goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/log.h"
#include "services/gateway/design.h"
#include "services/gateway/design_lease_store.h"
#include "services/gateway/routes.h"

enum { SWEEP_EVERY_MS = 60 * 1000, REMOVE_MOST_MS = DESIGN_REMOVE_S * 1000 / 2 };

struct sweep {
    struct gateway *gateway;
    struct design_list list;
    struct design_ids strange; /* of the list, by and by */
    int64_t leased_us;
    char ids[DESIGN_IDS][DESIGN_ID_LETTERS + 1]; /* asked about; then those to be removed */
};

static void next_page(struct sweep *sweep);

static void end(struct sweep *sweep)
{
    sweep->gateway->sweeping = false;
    free(sweep);
}

static enum sp_result said(struct sp_ctx *ctx, enum sp_result result)
{
    if (result != SP_OK)
        sp_log(SP_WARN, "designs-not-swept", "reason", sp_ctx_error(ctx)->text, NULL);
    return result;
}

/* ---- asking
 * --------------------------------------------------------------------------------------- */

/* Only what we asked about is believed. */
static bool was_asked(const struct sweep *sweep, struct sp_text id)
{
    for (size_t i = 0; i < sweep->strange.count; i++) {
        if (sp_text_is(id, sweep->ids[i]))
            return true;
    }
    return false;
}

/* Leaves in `strange` those that product-mapper does not know; after any other answer, none. */
static void read_answer(struct sweep *sweep, int status, struct sp_text body)
{
    struct sp_json document, element;
    struct sp_arena *arena = sp_arena_open();
    size_t count = 0;
    char(*strange)[DESIGN_ID_LETTERS + 1] = sp_arena_array(arena, DESIGN_IDS, sizeof *strange);
    if (status == 200 && sp_json_parse(body, &document, NULL) == SP_OK) {
        struct sp_json_walk walk = sp_json_each(sp_json_get(document, "unknown"));
        while (!walk.object && count < DESIGN_IDS && sp_json_next(&walk, NULL, &element)) {
            struct sp_text id = sp_json_text(element, arena);
            if (was_asked(sweep, id))
                (void)snprintf(strange[count++], sizeof *strange, "%.*s", SP_FMT(id));
        }
    }
    memcpy(sweep->ids, strange, count * sizeof *strange);
    sweep->strange.count = count;
    sp_arena_close(&arena);
}

static void ask(struct sweep *sweep, void (*on_told)(void *sweep, int status, struct sp_text body))
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "account_id", sweep->list.account_id);
    sp_json_open_array(&json, "ids");
    for (size_t i = 0; i < sweep->strange.count; i++)
        sp_json_put_cstring(&json, NULL, sweep->ids[i]);
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    struct sp_ask ask = {.name = SP_TEXT("product-mapper.strange-designs"),
                         .account_id = sweep->list.account_id,
                         .user = SP_TEXT("system"),
                         .body = sp_buffer_text(&body),
                         .deadline_ms = ROUTE_TIMEOUT_MS};
    sp_app_ask(sweep->gateway->app, "product-mapper", &ask, ROUTE_TIMEOUT_MS,
               (struct sp_on_answer){on_told, sweep});
    sp_buffer_free(&body);
}

/* ---- removing
 * ------------------------------------------------------------------------------------- */

static enum sp_result remove_one(const struct design_store *store, int64_t account_id,
                                 const char *id, struct sp_error *err)
{
    char path[DESIGN_PATH_BYTES];
    enum sp_result result = SP_OK;
    for (size_t i = 0; design_suffixes[i] != NULL && result == SP_OK; i++) {
        design_path(account_id, sp_text_of(id), design_suffixes[i], path);
        result = store->kind->remove(store, path, err);
    }
    return result;
}

/* Well within the lease: what is left has its turn again. */
static enum sp_result remove_strange(struct sp_ctx *ctx, void *context)
{
    struct sweep *sweep = context;
    const struct design_store *store = &sweep->gateway->designs;
    struct sp_error *err = sp_ctx_error(ctx);
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < sweep->strange.count && result == SP_OK; i++) {
        if (sp_monotonic_us() - sweep->leased_us > (int64_t)REMOVE_MOST_MS * 1000)
            return said(ctx, sp_fail(err, SP_RETRY, "the store is too slow"));
        result = remove_one(store, sweep->list.account_id, sweep->ids[i], err);
    }
    if (result == SP_OK)
        result = store_end_removal(sp_ctx_db(ctx), err, &sweep->strange);
    return said(ctx, result);
}

static void on_removed(void *context, enum sp_result result)
{
    struct sweep *sweep = context;
    if (result == SP_OK)
        next_page(sweep);
    else
        end(sweep);
}

static void on_told_again(void *context, int status, struct sp_text body)
{
    struct sweep *sweep = context;
    read_answer(sweep, status, body);
    sp_app_work_long(sweep->gateway->app, remove_strange, on_removed, sweep);
}

static enum sp_result lease(struct sp_ctx *ctx, void *context)
{
    struct sweep *sweep = context;
    sweep->leased_us = sp_monotonic_us();
    return said(ctx, store_lease_to_remove(sp_ctx_db(ctx), sp_ctx_error(ctx), &sweep->strange));
}

static void on_leased(void *context, enum sp_result result)
{
    struct sweep *sweep = context;
    if (result == SP_OK)
        ask(sweep, on_told_again);
    else
        end(sweep);
}

static void on_told(void *context, int status, struct sp_text body)
{
    struct sweep *sweep = context;
    read_answer(sweep, status, body);
    if (sweep->strange.count == 0)
        next_page(sweep);
    else
        sp_app_work(sweep->gateway->app, lease, on_leased, sweep);
}

/* ---- all accounts, page by page
 * ------------------------------------------------------------------- */

/* The next page with anything on it; account 0: there is none. */
static enum sp_result list_next(struct sp_ctx *ctx, void *context)
{
    struct sweep *sweep = context;
    const struct design_store *store = &sweep->gateway->designs;
    struct design_list *list = &sweep->list;
    enum sp_result result = SP_OK;
    do {
        if (!list->more) {
            list->after[0] = '\0';
            result = store_next_account(sp_ctx_db(ctx), sp_ctx_error(ctx), &list->account_id);
        }
        if (result == SP_OK && list->account_id != 0)
            result = store->kind->list(store, list, sp_ctx_error(ctx));
    } while (result == SP_OK && list->account_id != 0 && list->count == 0 && !sp_stopping(ctx));
    sweep->strange = (struct design_ids){list->account_id, sweep->ids, list->count};
    return said(ctx, result);
}

static void on_listed(void *context, enum sp_result result)
{
    struct sweep *sweep = context;
    if (result != SP_OK || sweep->list.count == 0)
        end(sweep);
    else
        ask(sweep, on_told);
}

static void next_page(struct sweep *sweep)
{
    sweep->list.count = 0;
    sp_app_work_long(sweep->gateway->app, list_next, on_listed, sweep);
}

/* One share of all accounts' files. */
static void sweep_share(void *context)
{
    struct gateway *gateway = context;
    if (gateway->sweeping)
        return;
    gateway->sweeping = true;
    struct sweep *sweep = sp_alloc(sizeof *sweep);
    *sweep = (struct sweep){.gateway = gateway};
    sweep->list = (struct design_list){
        .share = gateway->sweep_round++ & 0xFF, .ids = sweep->ids, .most = DESIGN_IDS};
    next_page(sweep);
}

/* ---- at the start
 * --------------------------------------------------------------------------------- */

static enum sp_result check(struct sp_ctx *ctx, void *context)
{
    const struct gateway *gateway = context;
    const struct design_store *store = &gateway->designs;
    enum sp_result result = store->kind->check(store, sp_ctx_error(ctx));
    if (result != SP_OK)
        sp_log(SP_ERROR, "design-store-away", "reason", sp_ctx_error(ctx)->text, NULL);
    return result;
}

static void on_checked(void *context, enum sp_result result)
{
    (void)context, (void)result; /* it may come later; what needs it says so each time */
}

void design_begin(struct gateway *gateway)
{
    if (gateway->designs.folder[0] == '\0')
        return;
    sp_app_work_long(gateway->app, check, on_checked, gateway);
    (void)sp_loop_every(sp_app_loop(gateway->app), SWEEP_EVERY_MS, sweep_share, gateway);
}

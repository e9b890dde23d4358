/* Files that nobody knows: those of an upload that ended before it was known, and of designs that
 * were forgotten. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "services/gateway/design.h"
#include "services/gateway/design_file.h"
#include "services/gateway/routes.h"

enum { SWEEP_EVERY_MS = 60 * 1000, SWEEP_FILES = 200 };

struct sweep {
    struct gateway *gateway;
    struct design_sweep old;
    char ids[SWEEP_FILES][DESIGN_ID_LETTERS + 1]; /* asked about; then those to be removed */
};

static void next_account(struct sweep *sweep);

static enum sp_result list_old(struct sp_ctx *ctx, void *context)
{
    struct sweep *sweep = context;
    (void)ctx;
    design_list_old(&sweep->old);
    return SP_OK;
}

static enum sp_result remove_strange(struct sp_ctx *ctx, void *context)
{
    struct sweep *sweep = context;
    (void)ctx;
    for (size_t i = 0; i < sweep->old.count; i++)
        design_remove(sweep->old.folder, sweep->old.account_id, sp_text_of(sweep->ids[i]));
    return SP_OK;
}

static void on_removed(void *context, enum sp_result result)
{
    (void)result;
    next_account(context);
}

/* Only what we asked about is believed. */
static bool was_asked(const struct sweep *sweep, struct sp_text id)
{
    for (size_t i = 0; i < sweep->old.count; i++) {
        if (sp_text_is(id, sweep->ids[i]))
            return true;
    }
    return false;
}

static void on_told(void *context, int status, struct sp_text body)
{
    struct sweep *sweep = context;
    struct sp_json document, element;
    struct sp_arena *arena = sp_arena_open();
    size_t count = 0;
    char(*strange)[DESIGN_ID_LETTERS + 1] = sp_arena_array(arena, SWEEP_FILES, sizeof *strange);
    if (status == 200 && sp_json_parse(body, &document, NULL) == SP_OK) {
        struct sp_json_walk walk = sp_json_each(sp_json_get(document, "unknown"));
        while (!walk.object && count < SWEEP_FILES && sp_json_next(&walk, NULL, &element)) {
            struct sp_text id = sp_json_text(element, arena);
            if (was_asked(sweep, id))
                (void)snprintf(strange[count++], sizeof *strange, "%.*s", SP_FMT(id));
        }
    }
    memcpy(sweep->ids, strange, count * sizeof *strange);
    sweep->old.count = count;
    sp_arena_close(&arena);
    sp_app_work(sweep->gateway->app, remove_strange, on_removed, sweep);
}

static void on_listed(void *context, enum sp_result result)
{
    struct sweep *sweep = context;
    (void)result;
    if (sweep->old.account_id == 0) {
        free(sweep);
        return;
    }
    if (sweep->old.count == 0) {
        next_account(sweep);
        return;
    }
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "account_id", sweep->old.account_id);
    sp_json_open_array(&json, "ids");
    for (size_t i = 0; i < sweep->old.count; i++)
        sp_json_put_cstring(&json, NULL, sweep->ids[i]);
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    struct sp_ask ask = {.name = SP_TEXT("product-mapper.strange-designs"),
                         .account_id = sweep->old.account_id,
                         .user = SP_TEXT("system"),
                         .body = sp_buffer_text(&body),
                         .deadline_ms = ROUTE_TIMEOUT_MS};
    sp_app_ask(sweep->gateway->app, "product-mapper", &ask, ROUTE_TIMEOUT_MS,
               (struct sp_on_answer){on_told, sweep});
    sp_buffer_free(&body);
}

static void next_account(struct sweep *sweep)
{
    sp_app_work(sweep->gateway->app, list_old, on_listed, sweep);
}

/* One share of all accounts' files. */
static void sweep_share(void *context)
{
    struct gateway *gateway = context;
    struct sweep *sweep = sp_alloc(sizeof *sweep);
    *sweep = (struct sweep){.gateway = gateway};
    sweep->old = (struct design_sweep){.folder = gateway->design_dir,
                                       .share = gateway->sweep_round++,
                                       .ids = sweep->ids,
                                       .most = SWEEP_FILES};
    next_account(sweep);
}

void design_sweep_begin(struct gateway *gateway)
{
    if (gateway->design_dir[0] != '\0')
        (void)sp_loop_every(sp_app_loop(gateway->app), SWEEP_EVERY_MS, sweep_share, gateway);
}

/* Orders made by hand, from a file: looked at, or taken in, each with its result.
 *
 * A command and not a job: a job would have to keep the file, and who is named in it, somewhere. */
#include "services/order-ingest/asks.h"

#include <string.h>

#include "common/encoding.h"
#include "services/order-ingest/manual.h"
#include "services/order-ingest/manual_sheet.h"

static enum sp_result read_sheet(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct manual_sheet *sheet, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_text text;
    struct sp_error why;
    if (sp_text_to_utf8(ask->body, ask->language, arena, &text, &why) != SP_OK ||
        manual_sheet_read(text, arena, sheet, &why) != SP_OK)
        return sp_answer_problem(answer, 422, "SHEET_BAD", "%s", why.text);
    return SP_OK;
}

/* A case for each order that nothing is wrong with. */
static size_t list_cases(const struct manual_sheet *sheet, struct manual_case cases[])
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->orders[i].fault.code == NULL)
            cases[count++] =
                (struct manual_case){.order = &sheet->orders[i].order, .wish = MANUAL_PUT};
    }
    return count;
}

/* What is no reference may be anything, a name for one: it is not said again. */
static void put_item(struct sp_json_writer *json, const struct manual_sheet_order *of,
                     const struct manual_case *as)
{
    const struct manual_fault *fault = &of->fault;
    bool named = fault->code == NULL || strcmp(fault->code, "REFERENCE_BAD") != 0;
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "reference", named ? of->order.reference : SP_TEXT(""));
    sp_json_put_int(json, "line", fault->code == NULL ? of->line : (int64_t)fault->line);
    sp_json_put_cstring(json, "result", fault->code == NULL ? as->result : "WRONG");
    if (fault->code == NULL)
        sp_json_put_string(json, "id", as->key);
    if (fault->code != NULL || as->code != NULL)
        sp_json_put_cstring(json, "code", fault->code != NULL ? fault->code : as->code);
    sp_json_close_object(json);
}

enum sp_result ask_import_orders(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct manual_sheet sheet;
    enum sp_result result = read_sheet(ctx, ask, &sheet, answer);
    if (result != SP_OK)
        return result;
    struct manual_origin origin = {ask->account_id, ask->user, ask->trace};
    struct manual_case *cases = sp_arena_array(sp_ctx_arena(ctx), sheet.count, sizeof *cases);
    size_t count = list_cases(&sheet, cases);
    bool check = sp_text_is(sp_ask_param(ask, "check"), "true");
    if (count > 0)
        result = check ? manual_look(ctx, &origin, cases, count)
                       : manual_save(ctx, &origin, cases, count);
    if (result != SP_OK)
        return result;
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "lines", (int64_t)sheet.lines);
    sp_json_open_array(&json, "items");
    for (size_t i = 0; i < sheet.count; i++) {
        put_item(&json, &sheet.orders[i], cases);
        cases += sheet.orders[i].fault.code == NULL;
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}

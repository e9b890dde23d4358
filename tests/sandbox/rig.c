#include "tests/sandbox/rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/http_client.h"
#include "services/sandbox/life.h"
#include "services/sandbox/order_maker.h"
#include "services/sandbox/whole_file.h"

enum { NAME_BYTES = 64, CELL = 11, STATES_BYTES = 32768 };

struct sandbox_options rig_options(void)
{
    return (struct sandbox_options){
        .seed = 7,
        .shops = 1,
        .warehouses = 2,
        .products = 20,
        .app_key = "demoappkey01",
        .app_secret = "demo-secret-000111222333",
        .service_id = "7172000000000000001",
        .redirect_url = "http://127.0.0.1:1/return",
        .webhook_url = "",
        .invoices = "",
        .truth_log = "",
        .scenario = "",
        .cancel_word = "CANCEL",
        .hold_s = 3600,
        .first_retry_ms = 50,
        .timeout_fault_ms = 1000,
        .lives = {.code = 1800, .access = 7 * 86400, .grant = 365 * 86400},
        .accepts_zero = true,
    };
}

struct sandbox *rig_open(const struct sandbox_options *options)
{
    struct sandbox *sandbox = NULL;
    struct sp_error err;
    sp_crypto_setup();
    SP_ASSERT(sandbox_open(&sandbox, options, &err) == SP_OK);
    return sandbox;
}

void rig_authorize(struct sandbox *sandbox)
{
    int64_t now = sandbox_clock(sandbox);
    const char *code = grants_consent(&sandbox->grants, now);
    SP_ASSERT(grants_take_code(&sandbox->grants, sp_text_of(code), now) == GRANT_OK);
}

static void add(struct sp_buffer *query, const char *name, const char *value)
{
    sp_buffer_printf(query, "%s%s=", query->size > 0 ? "&" : "", name);
    sp_url_encode(query, sp_text_of(value));
}

static struct sp_text sign(struct sandbox *sandbox, struct sp_arena *arena,
                           const struct rig_call *call, struct sp_text query)
{
    struct query_param params[API_PARAMS];
    const char *body = call->sign_body != NULL ? call->sign_body : call->body;
    struct signed_call what = {
        .path = sp_text_of(call->path), .params = params, .body = sp_text_of(body)};
    SP_ASSERT(signature_read_query(query, arena, params, API_PARAMS, &what.count) == SP_OK);
    return signature_of_call(sp_text_of(sandbox->options.app_secret), &what, arena);
}

static struct sp_text make_query(struct sandbox *sandbox, struct sp_arena *arena,
                                 const struct rig_call *call)
{
    struct sp_buffer query = {0};
    char now[24];
    (void)snprintf(now, sizeof now, "%lld", (long long)(sp_now_us() / 1000000 - call->late_s));
    if (call->query != NULL)
        sp_buffer_put_string(&query, call->query);
    add(&query, "timestamp", now);
    add(&query, "app_key", call->app_key != NULL ? call->app_key : sandbox->options.app_key);
    if (!call->without_cipher)
        add(&query, "shop_cipher", call->cipher != NULL ? call->cipher : sandbox->shops[0].cipher);
    struct sp_text right = sign(sandbox, arena, call, sp_buffer_text(&query));
    char text[SIGNATURE_HEX + 1];
    (void)snprintf(text, sizeof text, "%.*s", SP_FMT(right));
    if (call->sign == NULL || call->sign[0] != '\0')
        add(&query, "sign", call->sign != NULL ? call->sign : text);
    struct sp_text kept = sp_arena_copy(arena, sp_buffer_text(&query));
    sp_buffer_free(&query);
    return kept;
}

struct rig_answer rig_call(struct sandbox *sandbox, struct sp_arena *arena,
                           const struct rig_call *call)
{
    const char *type = call->content_type != NULL ? call->content_type : "application/json";
    const char *token = call->token != NULL ? call->token : sandbox->grants.access;
    struct api_request request = {
        .method = call->method,
        .path = sp_text_of(call->path),
        .query = make_query(sandbox, arena, call),
        .body = sp_text_of(call->body),
        .content_type = sp_text_of(type),
        .access_token = sp_text_of(token),
        .arena = arena,
    };
    struct sp_buffer out = {0};
    struct rig_answer answer = {.status = api_serve(sandbox, &request, &out)};
    SP_ASSERT(sp_json_parse(sp_arena_copy(arena, sp_buffer_text(&out)), &answer.whole, NULL) ==
              SP_OK);
    answer.code = sp_json_int(sp_json_get(answer.whole, "code"), -1);
    answer.message = sp_json_text(sp_json_get(answer.whole, "message"), arena);
    answer.data = sp_json_get(answer.whole, "data");
    sp_buffer_free(&out);
    return answer;
}

static struct sp_json step(struct sp_json value, const char *name)
{
    if (value.kind == SP_JSON_OBJECT)
        return sp_json_get(value, name);
    struct sp_json_walk walk = sp_json_each(value);
    struct sp_json element = {0};
    for (long left = strtol(name, NULL, 10); left >= 0; left--) {
        if (!sp_json_next(&walk, NULL, &element))
            return (struct sp_json){0};
    }
    return element;
}

struct sp_json rig_at(struct sp_json value, const char *path)
{
    while (*path != '\0') {
        char name[NAME_BYTES];
        size_t size = strcspn(path, ".");
        (void)snprintf(name, sizeof name, "%.*s", (int)size, path);
        value = step(value, name);
        path += size + (path[size] == '.' ? 1 : 0);
    }
    return value;
}

struct sp_text rig_text(struct sp_json value, const char *path, struct sp_arena *arena)
{
    return sp_json_text(rig_at(value, path), arena);
}

int64_t rig_int(struct sp_json value, const char *path)
{
    return sp_json_int(rig_at(value, path), -1);
}

/* ---- what most tests share
 * ------------------------------------------------------------------------------------------ */

struct rig rig;

void rig_begin_with(const struct sandbox_options *options)
{
    rig.sandbox = rig_open(options);
    rig.shop = &rig.sandbox->shops[0];
    rig.arena = sp_arena_open();
    clock_set_speed(&rig.sandbox->clock, sp_now_us(), 0);
    rig.sandbox->clock.ahead = true;
    rig_authorize(rig.sandbox);
}

void rig_begin(void)
{
    struct sandbox_options options = rig_options();
    rig_begin_with(&options);
}

void rig_finish(void)
{
    sandbox_close(&rig.sandbox);
    sp_arena_close(&rig.arena);
}

struct rig_answer rig_send(const char *method, const char *path, const char *query,
                           const char *body)
{
    struct rig_call call = {.method = method, .path = path, .query = query, .body = body};
    return rig_call(rig.sandbox, rig.arena, &call);
}

struct rig_answer rig_get(const char *path, const char *query)
{
    return rig_send("GET", path, query, NULL);
}

struct rig_answer rig_post(const char *path, const char *query, const char *body)
{
    return rig_send("POST", path, query, body);
}

bool rig_is(struct sp_json value, const char *path, const char *wanted)
{
    return sp_text_is(rig_text(value, path, rig.arena), wanted);
}

int64_t rig_minor(struct sp_json value, const char *path)
{
    int64_t amount = 0;
    struct sp_json at = rig_at(value, path);
    cr_assert_eq(at.kind, SP_JSON_STRING, "%s", path);
    cr_assert_eq(sp_json_minor(at, 2, &amount), SP_OK);
    return amount;
}

static uint32_t place(struct sandbox *sandbox, const struct order_wish *wish)
{
    struct shop *shop = &sandbox->shops[0];
    return order_maker_place(sandbox, shop, wish, book_reserve(&shop->book, 1));
}

uint32_t rig_place(struct sandbox *sandbox, size_t count, enum order_status status)
{
    struct order_wish wish = {.status = status};
    uint32_t first = place(sandbox, &wish);
    for (size_t i = 1; i < count; i++)
        (void)place(sandbox, &wish);
    return first;
}

uint32_t rig_place_four(enum order_status status)
{
    struct order_wish wish = {.status = status, .skus_per_order = 2, .units_per_sku = 2};
    return place(rig.sandbox, &wish);
}

const char *rig_id(enum id_kind kind, uint64_t counter)
{
    char text[ID_TEXT];
    struct sp_text id = ids_text(ids_make(&rig.shop->ids, kind, counter), text);
    return sp_arena_printf(rig.arena, "%.*s", SP_FMT(id)).data;
}

const char *rig_order(uint32_t at)
{
    return rig_id(ID_ORDER, rig.shop->book.orders[at].number);
}

const char *rig_item(uint32_t at, uint32_t unit)
{
    return rig_id(ID_ITEM, rig.shop->book.orders[at].first_item + unit);
}

/* ---- time and states
 * ------------------------------------------------------------------------------------------ */

void rig_pass(struct sandbox *sandbox, int64_t seconds)
{
    clock_advance(&sandbox->clock, seconds * 1000000);
    int64_t until_us = clock_due_us(&sandbox->clock, sp_now_us());
    do
        life_run(sandbox);
    while (sandbox->clock.at_us < until_us);
}

static void put_cell(struct sp_buffer *out, bool last, const char *text)
{
    sp_buffer_printf(out, " %-*.*s", last ? 0 : CELL, CELL, text);
}

static void print_table(struct sp_buffer *out, const struct sp_machine *machine)
{
    int last = (int)machine->event_count - 1;
    sp_buffer_printf(out, "%-19s", "");
    for (int event = 0; event <= last; event++)
        put_cell(out, event == last, machine->events[event]);
    sp_buffer_put_string(out, "\n");
    for (int from = 0; from < (int)machine->state_count; from++) {
        sp_buffer_printf(out, "%-19s", machine->states[from]);
        for (int event = 0; event <= last; event++) {
            int to;
            bool can = sp_state_next(machine, from, event, &to);
            put_cell(out, event == last, can ? machine->states[to] : "-");
        }
        sp_buffer_put_string(out, "\n");
    }
}

static void print_steps(struct sp_buffer *out, const struct sp_machine *machine)
{
    for (size_t i = 0; i < machine->step_count; i++) {
        const struct sp_step *one = &machine->steps[i];
        sp_buffer_printf(out, "%-34s %-16s %s\n", machine->states[one->from],
                         machine->events[one->event], machine->states[one->to]);
    }
}

static void expect_documented(struct sp_buffer *printed)
{
    struct sp_buffer documented = {0};
    cr_assert_eq(whole_file_read(SANDBOX_STATES, STATES_BYTES, &documented, NULL), SP_OK);
    sp_buffer_put(printed, "", 1);
    sp_buffer_put(&documented, "", 1);
    cr_assert(strstr(documented.data, printed->data) != NULL, "%s", printed->data);
    sp_buffer_free(printed);
    sp_buffer_free(&documented);
}

void rig_table_is_documented(const struct sp_machine *machine)
{
    struct sp_buffer printed = {0};
    print_table(&printed, machine);
    expect_documented(&printed);
}

void rig_steps_are_documented(const struct sp_machine *machine)
{
    struct sp_buffer printed = {0};
    print_steps(&printed, machine);
    expect_documented(&printed);
}

/* Buyers by command: they ask for cancellations and returns, and go on with them. */
#include "services/sandbox/cancels.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/returns.h"

enum { MOST_IMAGES = 9 };

static void refuse(struct sp_http_request *request, enum api_error error)
{
    int status = error == API_CASE_STATUS ? 409 : 422;
    control_refuse(request, status, "%s", api_error_of(error)->message);
}

static void answer(struct sp_http_request *request, const struct shop *shop, enum case_kind kind,
                   uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, kind, which);
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    char text[ID_TEXT];
    uint64_t id = ids_make(&shop->ids, kind == CASE_CANCEL ? ID_CANCEL : ID_RETURN, which + 1u);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "id", ids_text(id, text));
    sp_json_put_cstring(&json, "status",
                        kind == CASE_CANCEL ? cancel_status_name((enum cancel_status)one->status)
                                            : return_status_name((enum return_status)one->status));
    sp_json_put_int(&json, "deadline", one->deadline);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}

/* The case with this id, in whichever shop; false: a problem was answered. */
static bool find_case(struct sp_http_request *request, struct sandbox *sandbox, enum case_kind kind,
                      struct shop **shop, uint32_t *which)
{
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        *shop = &sandbox->shops[i];
        uint64_t number = ids_counter(&(*shop)->ids, kind == CASE_CANCEL ? ID_CANCEL : ID_RETURN,
                                      request->params[0]);
        *which = (uint32_t)(number - 1);
        if (number != 0 && number <= (*shop)->cases.rows[kind].count)
            return true;
    }
    control_refuse(request, 404, "there is no such %s",
                   kind == CASE_CANCEL ? "cancellation" : "return");
    return false;
}

struct asked {
    struct sp_json body;
    struct shop *shop;
    uint32_t order;
    struct unit_set units;
    struct sp_text reason;
};

static bool read_asked(struct sp_http_request *request, struct sandbox *sandbox,
                       const char *const known[], enum case_kind kind, struct asked *asked)
{
    if (!control_read(request, known, &asked->body))
        return false;
    if (!control_find_order(sandbox, request->params[0], &asked->shop, &asked->order)) {
        control_refuse(request, 404, "there is no such order");
        return false;
    }
    asked->reason = sp_json_text(sp_json_get(asked->body, "reason"), request->arena);
    enum api_error error =
        case_units_read(&(struct case_units_of){asked->shop, asked->order, kind, request->arena},
                        asked->body, &asked->units);
    if (error != API_OK)
        refuse(request, error);
    return error == API_OK;
}

void control_ask_cancel(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"reason", "order_line_item_ids", "skus", NULL};
    struct sandbox *sandbox = ((struct edge *)context)->sandbox;
    struct asked asked;
    uint32_t which;
    if (!read_asked(request, sandbox, known, CASE_CANCEL, &asked))
        return;
    enum order_status status = (enum order_status)asked.shop->book.orders[asked.order].status;
    struct cancel_wish wish = {
        .order = asked.order,
        .units = asked.units,
        .reason = asked.reason.size > 0 ? cancel_reason_of(asked.reason)
                                        : cancel_reason_usual(asked.shop->region, BUYER, status),
    };
    enum api_error error = cancels_by_buyer(sandbox, asked.shop, &wish, &which);
    if (error != API_OK)
        refuse(request, error);
    else
        answer(request, asked.shop, CASE_CANCEL, which);
}

void control_withdraw_cancel(struct sp_http_request *request, void *context)
{
    struct sandbox *sandbox = ((struct edge *)context)->sandbox;
    struct shop *shop;
    uint32_t which;
    if (!find_case(request, sandbox, CASE_CANCEL, &shop, &which))
        return;
    enum api_error error = cancels_withdraw(sandbox, shop, which);
    if (error != API_OK)
        refuse(request, error);
    else
        answer(request, shop, CASE_CANCEL, which);
}

void control_ask_return(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {
        "type",   "reason", "order_line_item_ids", "skus", "buyer_arranged", "pickup",
        "images", NULL};
    struct control_range shown = {0, MOST_IMAGES, 0};
    int64_t images;
    struct sandbox *sandbox = ((struct edge *)context)->sandbox;
    struct asked asked;
    uint32_t which;
    if (!read_asked(request, sandbox, known, CASE_RETURN, &asked) ||
        !control_int(request, asked.body, "images", shown, &images))
        return;
    struct sp_text name = sp_json_text(sp_json_get(asked.body, "type"), request->arena);
    int type = name.size == 0 ? TYPE_RETURN : return_type_of(name);
    if (type < 0) {
        control_refuse(request, 422, "type must be REFUND, RETURN_AND_REFUND or REPLACEMENT");
        return;
    }
    struct return_wish wish = {
        .order = asked.order,
        .units = asked.units,
        .reason = asked.reason.size == 0 ? 0 : return_reason_of(asked.reason),
        .type = (enum return_type)type,
        .role = BUYER,
        .by_buyer_arranged = sp_json_bool(sp_json_get(asked.body, "buyer_arranged")),
        .by_pickup = sp_json_bool(sp_json_get(asked.body, "pickup")),
        .images = (uint8_t)images,
    };
    enum api_error error = returns_begin(sandbox, asked.shop, &wish, &which);
    if (error != API_OK)
        refuse(request, error);
    else
        answer(request, asked.shop, CASE_RETURN, which);
}

/* What a buyer, a carrier, a bank or the platform can do; the seller has the Open API. */
static int others_event_of(struct sp_text name)
{
    static const enum return_event events[] = {ACCEPT_PART,     DECLINE_PART,     SEND_GOODS,
                                               PAY_BACK,        WITHDRAW,         ESCALATE,
                                               SIDE_WITH_BUYER, SIDE_WITH_SELLER, DROP_CASE};
    for (size_t i = 0; i < SP_COUNT(events); i++) {
        if (sp_text_is(name, return_life.events[events[i]]))
            return (int)events[i];
    }
    return -1;
}

static enum order_initiator who_does(enum return_event event)
{
    bool platform = event == PAY_BACK || event == SIDE_WITH_BUYER || event == SIDE_WITH_SELLER;
    return platform ? SYSTEM : BUYER;
}

void control_move_return(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"event", NULL};
    struct sandbox *sandbox = ((struct edge *)context)->sandbox;
    struct sp_json body;
    struct shop *shop;
    uint32_t which;
    if (!control_read(request, known, &body) ||
        !find_case(request, sandbox, CASE_RETURN, &shop, &which))
        return;
    int event = others_event_of(sp_json_text(sp_json_get(body, "event"), request->arena));
    if (event < 0) {
        control_refuse(request, 422,
                       "event must be accept-part, decline-part, send, refund, withdraw, escalate, "
                       "side-with-buyer, side-with-seller or drop-case");
        return;
    }
    struct return_step step = {.event = (enum return_event)event,
                               .who = who_does((enum return_event)event)};
    enum api_error error = returns_happen(sandbox, shop, which, &step);
    if (error != API_OK)
        refuse(request, error);
    else
        answer(request, shop, CASE_RETURN, which);
}

/* What the marketplace is asked for a task. */
#include "services/connector/task_json.h"

/* ---- asking ------------------------------------------------------------------------- */

static struct sp_text finish(struct sp_buffer *body, struct sp_arena *arena)
{
    struct sp_text text = sp_arena_copy(arena, sp_buffer_text(body));
    sp_buffer_free(body);
    return text;
}

static void put_slot(struct sp_json_writer *json, const struct shipment_requested *shipment)
{
    if (shipment->slot_from == 0)
        return;
    sp_json_open_object(json, "pickup_slot");
    sp_json_put_int(json, "start_time", shipment->slot_from);
    sp_json_put_int(json, "end_time", shipment->slot_until);
    sp_json_close_object(json);
}

static void put_package(struct sp_json_writer *json, const struct shipment_requested *shipment,
                        struct sp_text package_id)
{
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "id", package_id);
    if (sp_text_is(shipment->handover, "OWN_CARRIER")) {
        sp_json_open_object(json, "self_shipment");
        sp_json_put_string(json, "tracking_number", shipment->tracking);
        sp_json_put_string(json, "shipping_provider_id", shipment->carrier_id);
        sp_json_close_object(json);
    } else {
        sp_json_put_string(json, "handover_method", shipment->handover);
        put_slot(json, shipment);
    }
    sp_json_close_object(json);
}

/* The call for many packages serves one as well. */
static void ask_ship(const struct task *task, struct sp_arena *arena, struct tiktok_call *call)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "packages");
    for (size_t i = 0; i < task->shipment.packages_count; i++)
        put_package(&json, &task->shipment, task->shipment.packages[i].package_id);
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    call->path = SP_TEXT("/fulfillment/202309/packages/ship");
    call->body = finish(&body, arena);
}

static void ask_mark_shipped(const struct task *task, struct sp_arena *arena,
                             struct tiktok_call *call)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "tracking_number", task->shipment.tracking);
    sp_json_put_string(&json, "shipping_provider_id", task->shipment.carrier_id);
    sp_json_close_object(&json);
    call->path = sp_arena_printf(arena, "/fulfillment/202309/orders/%.*s/packages",
                                 SP_FMT(task->channel_order_id));
    call->body = finish(&body, arena);
}

static void put_units(struct sp_json_writer *json, const struct action_requested *action)
{
    sp_json_open_array(json, "order_line_item_ids");
    for (size_t i = 0; i < action->units_count; i++)
        sp_json_put_string(json, NULL, action->units[i].id);
    sp_json_close_array(json);
}

static void ask_cancel(const struct task *task, struct sp_arena *arena, struct tiktok_call *call)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "order_id", task->channel_order_id);
    sp_json_put_string(&json, "cancel_reason", task->action.reason);
    if (task->action.units_count > 0)
        put_units(&json, &task->action);
    sp_json_close_object(&json);
    call->path = SP_TEXT("/return_refund/202309/cancellations");
    call->body = finish(&body, arena);
}

/* The same for every try of a task: the marketplace knows a repeat by it. */
static void add_idempotency_key(const struct task *task, struct sp_arena *arena,
                                struct tiktok_call *call)
{
    tiktok_add_param(call, "idempotency_key",
                     sp_arena_printf(arena, "%lld-%.*s", (long long)task->access.shop.account_id,
                                     SP_FMT(task->key)));
}

/* An answer to a buyer: approve or reject a cancellation or a return. */
static void ask_answer(const struct task *task, struct sp_arena *arena, struct tiktok_call *call)
{
    bool is_return = task->kind == TASK_ACCEPT_RETURN || task->kind == TASK_DECLINE_RETURN;
    bool accepts = task->kind == TASK_ACCEPT_CANCEL || task->kind == TASK_ACCEPT_RETURN;
    call->path = sp_arena_printf(arena, "/return_refund/202309/%s/%.*s/%s",
                                 is_return ? "returns" : "cancellations",
                                 SP_FMT(task->action.subject_id), accepts ? "approve" : "reject");
    add_idempotency_key(task, arena, call);
    if (accepts && !is_return)
        return;
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    if (is_return)
        sp_json_put_string(&json, "decision",
                           sp_arena_printf(arena, "%s_%.*s", accepts ? "APPROVE" : "REJECT",
                                           SP_FMT(task->decision)));
    if (!accepts)
        sp_json_put_string(&json, "reject_reason", task->action.reason);
    sp_json_close_object(&json);
    call->body = finish(&body, arena);
}

static void ask_document(const struct task *task, struct sp_arena *arena, struct tiktok_call *call)
{
    call->method = "GET";
    call->path = sp_arena_printf(arena, "/fulfillment/202309/packages/%.*s/shipping_documents",
                                 SP_FMT(task->package_id));
    tiktok_add_param(call, "document_type", task->document_type);
    tiktok_add_param(call, "document_size", task->document_size);
}

/* ---- looking ------------------------------------------------------------------------ */

static void look_at_order(const struct task *task, struct tiktok_call *call)
{
    call->method = "GET";
    call->path = SP_TEXT("/order/202309/orders");
    tiktok_add_param(call, "ids", task->channel_order_id);
}

static void look_at_case(const struct task *task, bool is_return, struct sp_arena *arena,
                         struct tiktok_call *call)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, is_return ? "return_ids" : "cancel_ids");
    sp_json_put_string(&json, NULL, task->action.subject_id);
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    call->path = is_return ? SP_TEXT("/return_refund/202309/returns/search")
                           : SP_TEXT("/return_refund/202309/cancellations/search");
    tiktok_add_param(call, "page_size", SP_TEXT("10"));
    call->body = finish(&body, arena);
}

void task_request(const struct task *task, struct sp_arena *arena, struct tiktok_call *call)
{
    bool looks = task_looks(task);
    call->method = "POST";
    call->once = !looks && !task_is_repeatable(task);
    switch (task->kind) {
    case TASK_SHIP:
        looks ? look_at_order(task, call) : ask_ship(task, arena, call);
        break;
    case TASK_MARK_SHIPPED:
        looks ? look_at_order(task, call) : ask_mark_shipped(task, arena, call);
        break;
    case TASK_CANCEL:
        looks ? look_at_order(task, call) : ask_cancel(task, arena, call);
        break;
    case TASK_ACCEPT_CANCEL:
    case TASK_DECLINE_CANCEL:
        looks ? look_at_case(task, false, arena, call) : ask_answer(task, arena, call);
        break;
    case TASK_ACCEPT_RETURN:
    case TASK_DECLINE_RETURN:
        looks ? look_at_case(task, true, arena, call) : ask_answer(task, arena, call);
        break;
    case TASK_PRICE:
        call->path = sp_arena_printf(arena, "/product/202309/products/%.*s/prices/update",
                                     SP_FMT(task->product_id));
        call->body = task->body;
        break;
    case TASK_DOCUMENT:
        ask_document(task, arena, call);
        break;
    case TASK_LISTING:
        call->method = "GET";
        call->path =
            sp_arena_printf(arena, "/product/202309/products/%.*s", SP_FMT(task->product_id));
        break;
    case TASK_KINDS:
        break;
    }
}

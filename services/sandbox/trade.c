#include "services/sandbox/trade.h"

#include "services/sandbox/cancels.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/order_maker.h"
#include "services/sandbox/package_trade.h"
#include "services/sandbox/seed.h"
#include "services/sandbox/webhook.h"

enum {
    MOST_AT_ONCE = 2000, /* orders placed in one turn of the loop */
    STIRRED = 3,
};

struct told_order {
    const struct shop *shop;
    const struct order *order;
};

static void write_order(struct sp_json_writer *json, const void *about)
{
    const struct told_order *told = about;
    char text[ID_TEXT];
    sp_json_put_string(json, "id",
                       ids_text(ids_make(&told->shop->ids, ID_ORDER, told->order->number), text));
    sp_json_put_cstring(json, "status", life_status_name((enum order_status)told->order->status));
    sp_json_put_int(json, "update_time", told->order->times.updated);
    sp_json_put_int(json, "units", told->order->units);
}

static void tell(struct sandbox *sandbox, struct shop *shop, const struct order *order,
                 enum trade_notice notice)
{
    struct told_order told = {shop, order};
    truth_note(sandbox->truth, "order", write_order, &told);
    if (notice == TRADE_TELLS)
        webhook_order_changed(sandbox, shop, order);
}

/* What the order tells of its deadlines stays as it was when it was paid; what it brings is counted
 * by the sandbox's clock. */
static void note_clock(struct sandbox *sandbox, struct order *order, bool delivered)
{
    if (book_handled_from(order) != 0 && order->speed == 0)
        order->speed =
            sandbox->clock.speed > 0 && !sandbox->clock.ahead ? (uint32_t)sandbox->clock.speed : 1;
    if (delivered)
        order->delivered_ahead = sandbox_clock(sandbox) - sandbox_now(sandbox);
}

uint32_t trade_place(struct sandbox *sandbox, struct shop *shop, const struct order_draft *draft,
                     enum trade_notice notice)
{
    uint32_t at = book_add(&shop->book, draft);
    const struct order *order = &shop->book.orders[at];
    if (life_is_open((enum order_status)order->status)) {
        shop_commit_stock(shop, order);
        shop_take_stock(shop, order);
    }
    package_follow(shop, at);
    if (order->status == CANCELLED)
        cancels_record_past(shop, at);
    note_clock(sandbox, &shop->book.orders[at], order->times.delivered != 0);
    life_entered(sandbox, shop, order);
    tell(sandbox, shop, order, notice);
    return at;
}

enum sp_result trade_happen(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                            enum order_event event, struct sp_error *err)
{
    struct order *order = &shop->book.orders[at];
    bool was_open = life_is_open((enum order_status)order->status);
    bool cancel_asked = order->wants_cancel;
    int64_t now = sandbox_now(sandbox);
    enum sp_result result = book_happen(&shop->book, at, event, now, err);
    if (result != SP_OK)
        return result;
    if (was_open && !life_is_open((enum order_status)order->status))
        shop_release_stock(shop, order);
    if (was_open && order->status == CANCELLED)
        shop_give_back_stock(shop, order);
    package_after(sandbox, shop, at, event);
    note_clock(sandbox, order, event == DELIVER);
    life_entered(sandbox, shop, order);
    tell(sandbox, shop, order, TRADE_TELLS);
    if (cancel_asked)
        cancels_close_request(sandbox, shop, at);
    return SP_OK;
}

void trade_touch(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    book_touch(&shop->book, at, sandbox_now(sandbox));
    tell(sandbox, shop, &shop->book.orders[at], TRADE_SILENT);
}

enum sp_result trade_move(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                          struct sp_error *err)
{
    struct order *order = &shop->book.orders[at];
    if (order->status > PARTIALLY_SHIPPING || order->moves == UINT8_MAX)
        return sp_fail(err, SP_REJECT, "its state does not allow it");
    order->moves++;
    trade_touch(sandbox, shop, at);
    webhook_address_changed(sandbox, shop, order);
    return SP_OK;
}

enum sp_result trade_end(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                         enum order_initiator initiator, struct sp_error *err)
{
    struct order *order = &shop->book.orders[at];
    uint8_t before = order->initiator;
    order->initiator = (uint8_t)initiator;
    enum sp_result result = trade_happen(sandbox, shop, at, CANCEL, err);
    if (result != SP_OK)
        order->initiator = before;
    return result;
}

enum sp_result trade_cancel(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                            enum order_initiator initiator, struct sp_error *err)
{
    const struct order *order = &shop->book.orders[at];
    struct sp_arena *arena = sp_arena_open();
    struct cancel_record record = {
        .units = case_units_free(shop, order, CASE_CANCEL, arena),
        .who = initiator,
        .before = (enum order_status)order->status,
    };
    enum sp_result result = trade_end(sandbox, shop, at, initiator, err);
    if (result == SP_OK)
        cancels_record(sandbox, shop, at, &record);
    sp_arena_close(&arena);
    return result;
}

void trade_stir(struct sandbox *sandbox)
{
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        struct shop *shop = &sandbox->shops[i];
        for (int k = 0; k < STIRRED && shop->book.order_count > 0; k++) {
            uint64_t draw = sandbox->faults.drawn++;
            trade_touch(sandbox, shop,
                        (uint32_t)seed_below(shop->seed, SEED_FAULT, draw, shop->book.order_count));
        }
    }
}

void trade_drip(struct sandbox *sandbox, int64_t now_us)
{
    for (size_t i = 0; i < DRIPS; i++) {
        struct drip *drip = &sandbox->drips.places[i];
        size_t due = drips_due(drip, now_us);
        for (size_t k = 0; k < due && k < MOST_AT_ONCE; k++) {
            struct shop *shop = &sandbox->shops[drip->shop];
            (void)order_maker_place(sandbox, shop, &drip->wish, drips_next(drip));
        }
    }
}

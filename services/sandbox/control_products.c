/* The marketplace's doing to products, by command. */
#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/products.h"

static bool find_product(struct sandbox *sandbox, struct sp_text id, struct shop **shop,
                         uint32_t *at)
{
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        *shop = &sandbox->shops[i];
        uint64_t number = ids_counter(&(*shop)->ids, ID_PRODUCT, id);
        *at = (uint32_t)(number - 1);
        if (number != 0 && number <= (*shop)->catalogue.product_count)
            return true;
    }
    return false;
}

static bool happen(struct sp_http_request *request, struct sandbox *sandbox, struct shop *shop,
                   uint32_t at, struct sp_json name)
{
    if (name.kind == SP_JSON_NONE)
        return true;
    int event = sp_text_among(sp_json_text(name, request->arena), product_life.events,
                              product_life.event_count);
    if (event < 0) {
        control_refuse(request, 422,
                       "event must be turn-off, freeze, unfreeze, pass, fail, activate, "
                       "deactivate, delete or recover");
        return false;
    }
    if (!products_happen(sandbox, shop, at, (enum product_event)event)) {
        control_refuse(request, 409, "its state does not allow it");
        return false;
    }
    return true;
}

void control_move_product(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"event", "price_locked", NULL};
    struct sandbox *sandbox = ((struct edge *)context)->sandbox;
    struct sp_json body;
    struct shop *shop;
    uint32_t at;
    if (!control_read(request, known, &body))
        return;
    if (!find_product(sandbox, request->params[0], &shop, &at)) {
        control_refuse(request, 404, "there is no such product");
        return;
    }
    if (!happen(request, sandbox, shop, at, sp_json_get(body, "event")))
        return;
    struct product *product = &shop->catalogue.products[at];
    struct sp_json locked = sp_json_get(body, "price_locked");
    if (locked.kind == SP_JSON_BOOL)
        product->price_locked = sp_json_bool(locked);
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "id", request->params[0]);
    sp_json_put_cstring(&json, "status", product_status_name((enum product_status)product->status));
    sp_json_put_bool(&json, "price_locked", product->price_locked);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}

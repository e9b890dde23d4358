#include "services/sandbox/products.h"

#include "services/sandbox/webhook.h"

struct told_product {
    const struct product *product;
    uint32_t at;
};

static void write_told(struct sp_json_writer *json, const void *about)
{
    const struct told_product *told = about;
    sp_json_put_int(json, "position", told->at);
    sp_json_put_cstring(json, "status",
                        product_status_name((enum product_status)told->product->status));
}

bool products_happen(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                     enum product_event event)
{
    struct product *product = &shop->catalogue.products[at];
    int64_t now = sandbox_now(sandbox);
    int next;
    if (!sp_state_next(&product_life, product->status, (int)event, &next))
        return false;
    product->status = (uint8_t)next;
    product->update_time = now;
    product->audited = sandbox_clock(sandbox) + PRODUCT_AUDIT_S;
    if (product->status == PRODUCT_PENDING)
        life_put(sandbox, shop, DUE_AUDIT, at, product->audited);
    truth_note(sandbox->truth, "product", write_told, &(struct told_product){product, at});
    webhook_product_changed(sandbox, shop, at);
    return true;
}

void products_end_audit(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    const struct product *product = &shop->catalogue.products[at];
    if (product->status == PRODUCT_PENDING && product->audited <= sandbox_clock(sandbox))
        SP_ASSERT(products_happen(sandbox, shop, at, PRODUCT_PASS));
}

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
    struct catalogue *catalogue = &shop->catalogue;
    struct product *product = &catalogue->products[at];
    int64_t now = sandbox_now(sandbox);
    int next;
    if (!sp_state_next(&product_life, product->status, (int)event, &next))
        return false;
    catalogue->pending -= product->status == PRODUCT_PENDING ? 1 : 0;
    product->status = (uint8_t)next;
    product->update_time = now;
    product->audited = sandbox_clock(sandbox) + PRODUCT_AUDIT_S;
    catalogue->pending += product->status == PRODUCT_PENDING ? 1 : 0;
    truth_note(sandbox->truth, "product", write_told, &(struct told_product){product, at});
    webhook_product_changed(sandbox, shop, at);
    return true;
}

static void end_audits(struct sandbox *sandbox, struct shop *shop)
{
    int64_t now = sandbox_clock(sandbox);
    for (uint32_t at = 0; shop->catalogue.pending > 0 && at < shop->catalogue.product_count; at++) {
        const struct product *product = &shop->catalogue.products[at];
        if (product->status == PRODUCT_PENDING && product->audited <= now)
            SP_ASSERT(products_happen(sandbox, shop, at, PRODUCT_PASS));
    }
}

void products_tick(struct sandbox *sandbox)
{
    for (uint32_t i = 0; i < sandbox->shop_count; i++)
        end_audits(sandbox, &sandbox->shops[i]);
}

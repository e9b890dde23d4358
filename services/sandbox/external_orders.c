#include "services/sandbox/external_orders.h"

#include <stdlib.h>

static const char *const platforms[] = {
    "SHOPIFY",
    "WOOCOMMERCE",
    "BIGCOMMERCE",
    "MAGENTO",
    "SALESFORCE_COMMERCE_CLOUD",
    "CHANNEL_ADVISOR",
    "AMAZON",
    "ORDER_MANAGEMENT_SYSTEM",
    "WAREHOUSE_MANAGEMENT_SYSTEM",
    "ERP_SYSTEM",
};

int external_platform_of(struct sp_text name)
{
    int platform = sp_text_among(name, platforms, SP_COUNT(platforms));
    return platform < 0 ? EXTERNAL_NONE : platform;
}

const char *external_platform_name(int platform)
{
    return platforms[platform];
}

void external_orders_free(struct external_orders *orders)
{
    free(orders->all);
    sp_arena_close(&orders->texts);
    *orders = (struct external_orders){0};
}

static struct external_order *find_or_add(struct external_orders *orders,
                                          const struct external_order *one)
{
    for (size_t i = 0; i < orders->count; i++) {
        if (orders->all[i].order == one->order && orders->all[i].platform == one->platform)
            return &orders->all[i];
    }
    if (orders->count == orders->capacity) {
        orders->capacity = orders->capacity == 0 ? 16 : orders->capacity * 2;
        orders->all = sp_realloc(orders->all, orders->capacity * sizeof *orders->all);
    }
    return &orders->all[orders->count++];
}

void external_orders_put(struct external_orders *orders, const struct external_order *one)
{
    if (orders->texts == NULL)
        orders->texts = sp_arena_open();
    struct external_order *kept = find_or_add(orders, one);
    *kept = *one;
    kept->id = sp_arena_copy(orders->texts, one->id);
    kept->lines = sp_arena_array(orders->texts, one->line_count, sizeof *one->lines);
    for (size_t i = 0; i < one->line_count; i++) {
        kept->lines[i].item = one->lines[i].item;
        kept->lines[i].id = sp_arena_copy(orders->texts, one->lines[i].id);
    }
}

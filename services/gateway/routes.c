#include "services/gateway/routes.h"

#include <string.h>

#include "services/gateway/design.h"
#include "services/gateway/events.h"
#include "services/gateway/export.h"
#include "services/gateway/files.h"
#include "services/gateway/forward.h"
#include "services/gateway/oauth.h"
#include "services/gateway/setup.h"
#include "services/gateway/sign_in.h"
#include "services/gateway/system.h"
#include "services/gateway/timeline.h"
#include "services/gateway/webhook.h"

enum {
    PUBLIC = ROUTE_PUBLIC,
    COMMAND = ROUTE_COMMAND,
    SESSION = ROUTE_SESSION,
    BODY = ROUTE_BODY_BYTES,
    SMALL = ROUTE_SMALL_BYTES,
    NOTHING = 1024, /* a body is not wanted; a little one does no harm */
};

#define CONNECTOR "connector"
#define ORDERS "order-ingest"
#define MAPPER "product-mapper"
#define INVENTORY "inventory"
#define PLACEMENT "placement"

/* clang-format off */
const struct gateway_route gateway_routes[] = {
    /* method, pattern, service, ask, permission, flags, max_body, handle */
    {"GET", "/healthz", NULL, NULL, NULL, PUBLIC, NOTHING, on_health},
    {"POST", "/hooks/tiktok", CONNECTOR, "connector.webhook", NULL, PUBLIC | ROUTE_RAW, ROUTE_WEBHOOK_BYTES, on_webhook},
    {"GET", "/oauth/tiktok/callback", CONNECTOR, "connector.oauth-return", NULL, PUBLIC | SESSION, NOTHING, on_consent_return},

    {"POST", "/api/v1/setup", NULL, NULL, NULL, PUBLIC, SMALL, on_setup},
    {"POST", "/api/v1/session", NULL, NULL, NULL, PUBLIC, SMALL, on_sign_in},
    {"DELETE", "/api/v1/session", NULL, NULL, NULL, 0, NOTHING, on_sign_out},
    {"GET", "/api/v1/me", NULL, NULL, NULL, PUBLIC, NOTHING, on_me},
    {"GET", "/api/v1/notices", "gateway", "gateway.notices", NULL, 0, NOTHING, NULL},

    {"GET", "/api/v1/shops", CONNECTOR, "connector.shops", "shops.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/shops", CONNECTOR, "connector.connect", "shops.write", COMMAND | SESSION, SMALL, NULL},
    {"GET", "/api/v1/shops/connect/{id}", CONNECTOR, "connector.connect-state", "shops.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/shops/connect/{id}/confirm", CONNECTOR, "connector.confirm", "shops.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/shops/connect/{id}/decline", CONNECTOR, "connector.decline", "shops.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/shops/{id}", CONNECTOR, "connector.shop", "shops.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/shops/{id}/activity", CONNECTOR, "connector.activity", "shops.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/shops/{id}/notices", CONNECTOR, "connector.notices", "shops.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/shops/{id}/pull", CONNECTOR, "connector.pull-switch", "shops.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/shops/{id}/settings", CONNECTOR, "connector.settings", "shops.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/shops/{id}/tasks", CONNECTOR, "connector.tasks", "shops.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/shops/{id}/prices", CONNECTOR, "connector.price", "products.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/shops/{id}/packages/{package}/document", CONNECTOR, "connector.document", "shops.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/shops/{id}/disconnect", CONNECTOR, "connector.disconnect", "shops.write", COMMAND, SMALL, NULL},

    {"POST", "/api/v1/shops/{id}/load", ORDERS, "order-ingest.load", "orders.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/shops/{id}/certificates", ORDERS, "order-ingest.certificates", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/orders", ORDERS, "order-ingest.orders", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/orders/counts", ORDERS, "order-ingest.counts", "orders.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/orders/place", PLACEMENT, "placement.place", "orders.place", COMMAND, BODY, NULL},
    {"POST", "/api/v1/orders", ORDERS, "order-ingest.add-order", "orders.write", COMMAND, BODY, NULL},
    {"POST", "/api/v1/orders/import", ORDERS, "order-ingest.import-orders", "orders.write", COMMAND | ROUTE_SHEET, BODY, NULL},
    {"POST", "/api/v1/orders/delete", ORDERS, "order-ingest.delete-orders", "orders.write", COMMAND, BODY, NULL},
    {"POST", "/api/v1/orders/restore", ORDERS, "order-ingest.restore-orders", "orders.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/orders/{id}", ORDERS, "order-ingest.order", "orders.read", 0, NOTHING, NULL},
    {"PUT", "/api/v1/orders/{id}", ORDERS, "order-ingest.change-order", "orders.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/orders/{id}/customer", ORDERS, "order-ingest.customer", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/orders/{id}/timeline", NULL, "hops", "orders.read", 0, NOTHING, on_timeline},
    {"GET", "/api/v1/orders/{id}/conditions", PLACEMENT, "placement.explain", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/orders/{id}/stock", INVENTORY, "inventory.order", "stock.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/orders/{id}/cancel", ORDERS, "order-ingest.cancelling", "orders.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/orders/{id}/cancel", ORDERS, "order-ingest.cancel-order", "orders.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/orders/{id}/returned", PLACEMENT, "placement.returned", "orders.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/orders/{id}/notes", ORDERS, "order-ingest.notes", "orders.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/orders/{id}/notes", ORDERS, "order-ingest.add-note", "orders.write", COMMAND, SMALL, NULL},
    {"PUT", "/api/v1/orders/{id}/notes/{note}", ORDERS, "order-ingest.change-note", "orders.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/orders/tags", ORDERS, "order-ingest.tag-orders", "orders.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/tags", ORDERS, "order-ingest.tags", "orders.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/tags", ORDERS, "order-ingest.make-tag", "orders.write", COMMAND, SMALL, NULL},
    {"PUT", "/api/v1/tags/{id}", ORDERS, "order-ingest.change-tag", "orders.write", COMMAND, SMALL, NULL},
    {"DELETE", "/api/v1/tags/{id}", ORDERS, "order-ingest.delete-tag", "orders.write", COMMAND, NOTHING, NULL},
    {"GET", "/api/v1/returns", ORDERS, "order-ingest.returns", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/returns/counts", ORDERS, "order-ingest.return-counts", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/returns/{id}", ORDERS, "order-ingest.return", "orders.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/returns/{id}/answer", ORDERS, "order-ingest.answer-return", "orders.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/settlements", ORDERS, "order-ingest.settlements", "money.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/settlements/report", ORDERS, "order-ingest.settlement-report", "money.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/settlements.csv", ORDERS, "order-ingest.settlement-csv", "money.read", 0, NOTHING, on_export},
    {"GET", "/api/v1/orders/{id}/buyer", ORDERS, "order-ingest.buyer", "pii.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/buyers/accesses", ORDERS, "order-ingest.buyer-accesses", "pii.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/buyers/erasures", ORDERS, "order-ingest.erasures", "pii.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/buyers/erasures", ORDERS, "order-ingest.erase-buyer", "pii.read", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/import-runs", ORDERS, "order-ingest.runs", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/import-runs/{id}/lines", ORDERS, "order-ingest.run-lines", "orders.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/import-runs/{id}/lines.csv", ORDERS, "order-ingest.run-lines-csv", "orders.read", 0, NOTHING, on_export},
    {"POST", "/api/v1/import-runs/{id}/again", ORDERS, "order-ingest.load-again", "orders.write", COMMAND, NOTHING, NULL},

    {"GET", "/api/v1/listings", MAPPER, "product-mapper.listings", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/listings/counts", MAPPER, "product-mapper.listing-counts", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/listings/skus", MAPPER, "product-mapper.skus", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/shops/{id}/listings", CONNECTOR, "connector.download", "products.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/mappings", MAPPER, "product-mapper.map", "products.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/mappings/preview", MAPPER, "product-mapper.map-preview", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/mappings/history", MAPPER, "product-mapper.map-history", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/mappings/suggestions", MAPPER, "product-mapper.suggestions", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/mappings/progress", MAPPER, "product-mapper.healing", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/mapping-jobs", MAPPER, "product-mapper.make-link-job", "products.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/mapping-jobs/{id}", MAPPER, "product-mapper.link-job", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/designs", MAPPER, "product-mapper.designs", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/designs", MAPPER, "product-mapper.add-design", "products.write", COMMAND | ROUTE_FILE, ROUTE_FILE_BYTES, on_design},
    {"POST", "/api/v1/designs/attach", MAPPER, "product-mapper.attach-design", "products.write", COMMAND, BODY, NULL},
    {"POST", "/api/v1/designs/match", MAPPER, "product-mapper.match-designs", "products.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/designs/{id}/file", NULL, NULL, "products.read", 0, NOTHING, on_design_file},
    {"GET", "/api/v1/designs/{id}/preview", NULL, NULL, "products.read", 0, NOTHING, on_design_preview},
    {"POST", "/api/v1/listings/personalise", MAPPER, "product-mapper.personalise", "products.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/orders/{id}/designs", MAPPER, "product-mapper.line-designs", "orders.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/orders/{id}/designs", MAPPER, "product-mapper.attach-line-design", "products.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/mappings/match", MAPPER, "product-mapper.match", "products.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/variants", MAPPER, "product-mapper.variants", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/variants/{id}", MAPPER, "product-mapper.variant", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/variants", MAPPER, "product-mapper.save-variant", "products.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/imports", MAPPER, "product-mapper.imports", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/imports", MAPPER, "product-mapper.import", "products.write", COMMAND | ROUTE_SHEET, ROUTE_SHEET_BYTES, NULL},
    {"GET", "/api/v1/imports/{id}", MAPPER, "product-mapper.import-state", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/imports/{id}/run", MAPPER, "product-mapper.run-import", "products.write", COMMAND, NOTHING, NULL},
    {"GET", "/api/v1/imports/{id}/lines", MAPPER, "product-mapper.import-lines", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/imports/{id}/errors.csv", MAPPER, "product-mapper.import-errors", "products.read", 0, NOTHING, on_export},
    {"GET", "/api/v1/variants.csv", MAPPER, "product-mapper.variants-csv", "products.read", 0, NOTHING, on_export},
    {"POST", "/api/v1/workbooks", MAPPER, "product-mapper.workbook", "products.read", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/workbooks/{id}", MAPPER, "product-mapper.workbook-state", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/workbooks/{id}/goods.xlsx", MAPPER, "product-mapper.workbook-file", "products.read", 0, NOTHING, on_export},
    {"GET", "/api/v1/product-types", MAPPER, "product-mapper.types", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/product-types", MAPPER, "product-mapper.save-type", "products.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/products", MAPPER, "product-mapper.products", "products.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/products/{id}", MAPPER, "product-mapper.product", "products.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/products", MAPPER, "product-mapper.save-product", "products.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/catalogue/archive", MAPPER, "product-mapper.archive", "products.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/catalogue/{kind}/{id}/history", MAPPER, "product-mapper.history", "products.read", 0, NOTHING, NULL},

    {"GET", "/api/v1/warehouses", INVENTORY, "inventory.warehouses", "stock.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/warehouses", INVENTORY, "inventory.save-warehouse", "stock.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/stock", INVENTORY, "inventory.stock", "stock.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/stock/adjust", INVENTORY, "inventory.adjust", "stock.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/stock/check", INVENTORY, "inventory.check", "stock.read", 0, NOTHING, NULL},

    {"POST", "/api/v1/goods-issues/issue", INVENTORY, "inventory.issue", "stock.write", COMMAND, BODY, NULL},
    {"GET", "/api/v1/push-rules/{id}", INVENTORY, "inventory.push-rule", "stock.read", 0, NOTHING, NULL},
    {"PUT", "/api/v1/push-rules", INVENTORY, "inventory.save-push-rule", "stock.write", COMMAND, SMALL, NULL},

    {"GET", "/api/v1/wallet", PLACEMENT, "placement.wallet", "money.read", 0, NOTHING, NULL},
    {"GET", "/api/v1/wallet/entries", PLACEMENT, "placement.wallet-entries", "money.read", 0, NOTHING, NULL},
    {"POST", "/api/v1/wallet/top-up", PLACEMENT, "placement.top-up", "money.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/settings/placement", PLACEMENT, "placement.settings", "settings.read", 0, NOTHING, NULL},
    {"PUT", "/api/v1/settings/placement", PLACEMENT, "placement.save-settings", "settings.write", COMMAND, SMALL, NULL},

    {"GET", "/api/v1/settings/statuses", ORDERS, "order-ingest.statuses", "settings.read", 0, NOTHING, NULL},
    {"PUT", "/api/v1/settings/statuses", ORDERS, "order-ingest.save-statuses", "settings.write", COMMAND, SMALL, NULL},
    {"POST", "/api/v1/settings/statuses/preview", ORDERS, "order-ingest.preview-statuses", "settings.write", COMMAND, SMALL, NULL},
    {"GET", "/api/v1/settings/statuses/history", ORDERS, "order-ingest.status-history", "settings.read", 0, NOTHING, NULL},

    {"GET", "/api/v1/system", NULL, NULL, "system.read", 0, NOTHING, on_system},
    {"GET", "/api/v1/dead-letters", NULL, "dead-letters", "system.read", ROUTE_SERVICE_IN_QUERY, NOTHING, NULL},
    {"POST", "/api/v1/dead-letters/replay", NULL, "replay", "system.write", COMMAND | ROUTE_SERVICE_IN_BODY, SMALL, NULL},
    {"GET", "/api/v1/events", NULL, NULL, NULL, 0, NOTHING, on_events},
    {0},
};
/* clang-format on */

const char *const gateway_services[] = {"gateway", CONNECTOR, ORDERS, MAPPER,
                                        INVENTORY, PLACEMENT, NULL};

/* Where no file of the dashboard is looked for. */
static const char *const no_files[] = {"/api/{rest...}", "/hooks/{rest...}", "/oauth/{rest...}"};

const char *gateway_service_of(struct sp_text name)
{
    for (const char *const *service = gateway_services; *service != NULL; service++)
        if (sp_text_is(name, *service))
            return *service;
    return NULL;
}

struct sp_http_route *routes_for_server(void)
{
    size_t count = SP_COUNT(gateway_routes) - 1;
    struct sp_http_route *table = sp_alloc((2 * count + SP_COUNT(no_files) + 2) * sizeof *table);
    struct sp_http_route *next = table;
    for (size_t i = 0; i < count; i++) {
        const struct gateway_route *route = &gateway_routes[i];
        sp_http_handler *handle = route->handle == NULL ? forward_request : route->handle;
        *next++ =
            (struct sp_http_route){route->method, route->pattern, route->max_body, handle, route};
    }
    for (size_t i = 0; i < count; i++)
        *next++ =
            (struct sp_http_route){NULL, gateway_routes[i].pattern, BODY, on_wrong_method, NULL};
    for (size_t i = 0; i < SP_COUNT(no_files); i++)
        *next++ = (struct sp_http_route){NULL, no_files[i], BODY, on_unknown, NULL};
    *next++ = (struct sp_http_route){"GET", "/{rest...}", NOTHING, on_file, NULL};
    return table;
}

bool route_is_of_files(const struct sp_http_route *route)
{
    const struct gateway_route *own = route->more;
    return own != NULL && (own->flags & ROUTE_FILE) != 0;
}

struct sp_text route_param_name(const char *pattern, size_t index)
{
    for (const char *open = strchr(pattern, '{'); open != NULL; open = strchr(open + 1, '{')) {
        if (index-- == 0)
            return (struct sp_text){open + 1, strcspn(open + 1, "}.")};
    }
    return (struct sp_text){0};
}

/* The table of what the gateway may ask. */
#include "services/connector/asks.h"

const struct sp_ask_route connector_asks[] = {
    {"connector.webhook", NULL, true, NULL, ask_webhooks},
    {"connector.oauth-return", NULL, true, ask_oauth_return, NULL},
    {"connector.connect", "shops.write", true, ask_connect, NULL},
    {"connector.connect-state", "shops.read", false, ask_connect_state, NULL},
    {"connector.confirm", "shops.write", true, ask_confirm, NULL},
    {"connector.decline", "shops.write", true, ask_decline, NULL},
    {"connector.shops", "shops.read", false, ask_shops, NULL},
    {"connector.shop", "shops.read", false, ask_shop, NULL},
    {"connector.activity", "shops.read", false, ask_activity, NULL},
    {"connector.notices", "shops.read", false, ask_notices, NULL},
    {"connector.pull-switch", "shops.write", true, ask_pull_switch, NULL},
    {"connector.settings", "shops.write", true, ask_settings, NULL},
    {"connector.download", "products.write", true, ask_download, NULL},
    {"connector.disconnect", "shops.write", true, ask_disconnect, NULL},
    {"connector.tasks", "shops.read", false, ask_tasks, NULL},
    {"connector.price", "products.write", true, ask_price, NULL},
    {"connector.document", "shops.read", true, ask_document, NULL},
    {"connector.changes", NULL, false, ask_changes, NULL},
    {0},
};

/* The gateway: its settings, its tables, and its public port's life. */
#include <string.h>

#include "services/gateway/design.h"
#include "services/gateway/events.h"
#include "services/gateway/gateway.h"
#include "services/gateway/request_rules.h"
#include "services/gateway/routes.h"
#include "services/gateway/service.h"
#include "services/gateway/setup.h"

extern const struct sp_migration gateway_migrations[];

static const struct sp_setting settings[] = {
    {.name = "SAMPAN_HTTP_BIND",
     .kind = SP_SETTING_TEXT,
     .otherwise = "127.0.0.1:8080",
     .meaning = "address and port of the dashboard and the API"},
    {.name = "SAMPAN_PUBLIC_URL",
     .kind = SP_SETTING_TEXT,
     .otherwise = "http://127.0.0.1:8080",
     .meaning = "how browsers reach it; https makes cookies Secure"},
    {.name = "SAMPAN_WEB_DIR",
     .kind = SP_SETTING_TEXT,
     .otherwise = "",
     .meaning = "folder of the dashboard's files; empty: the API alone"},
    {.name = "SAMPAN_DESIGN_DIR",
     .kind = SP_SETTING_TEXT,
     .otherwise = "",
     .meaning = "folder of the print files, shared by all replicas; with a bucket, of those on "
                "their way; empty: none are taken"},
    {.name = "SAMPAN_DESIGN_S3_ENDPOINT",
     .kind = SP_SETTING_ORIGIN,
     .otherwise = "",
     .meaning = "S3-compatible store that keeps the print files; empty: the folder does"},
    {.name = "SAMPAN_DESIGN_S3_REGION",
     .kind = SP_SETTING_WORD,
     .otherwise = "us-east-1",
     .meaning = "its region"},
    {.name = "SAMPAN_DESIGN_S3_BUCKET",
     .kind = SP_SETTING_WORD,
     .otherwise = "",
     .meaning = "the bucket there, which holds nothing else"},
    {.name = "SAMPAN_DESIGN_S3_KEY_ID",
     .kind = SP_SETTING_TEXT,
     .otherwise = "",
     .meaning = "who signs its requests"},
    {.name = "SAMPAN_DESIGN_S3_SECRET",
     .kind = SP_SETTING_SECRET,
     .otherwise = "",
     .meaning = "with what"},
    {.name = "SAMPAN_PROXY_ADDRESSES",
     .kind = SP_SETTING_TEXT,
     .otherwise = "",
     .meaning = "addresses of reverse proxies, by comma, whose X-Forwarded-For is believed"},
    {0},
};

static enum sp_result start(struct sp_app *app, struct sp_error *err)
{
    static struct gateway gateway;
    const struct sp_config *config = sp_app_config(app);
    gateway.app = app;
    gateway.public_url = sp_config_text(config, "SAMPAN_PUBLIC_URL");
    gateway.origin = rules_origin_of(sp_text_of(gateway.public_url));
    gateway.secure = strncmp(gateway.public_url, "https://", strlen("https://")) == 0;
    gateway.web_dir = sp_config_text(config, "SAMPAN_WEB_DIR");
    design_store_open(&gateway.designs, config);
    gateway.proxies = sp_config_text(config, "SAMPAN_PROXY_ADDRESSES");
    gateway.sessions = session_cache_open();
    gateway.events = events_open(&gateway);
    gateway.routes = routes_for_server();
    sp_app_set_own(app, &gateway);
    struct sp_http_options options = {
        .bind = sp_config_text(config, "SAMPAN_HTTP_BIND"),
        .routes = gateway.routes,
        .context = &gateway,
        .is_spooled = route_is_of_files,
        .admit = design_admit,
        .spool = gateway.designs.folder[0] == '\0' ? NULL : gateway.designs.folder,
        .max_connections = GATEWAY_CONNECTIONS,
    };
    enum sp_result result = sp_http_server_open(&gateway.server, sp_app_loop(app), &options, err);
    if (result != SP_OK)
        return result;
    (void)sp_loop_every(sp_app_loop(app), SETUP_LOOK_MS, setup_look, &gateway);
    setup_look(&gateway);
    design_begin(&gateway);
    return SP_OK;
}

/* From here on no new connection is taken, and streams end; what is in hand is finished. */
static void stop(struct sp_app *app)
{
    struct gateway *gateway = sp_app_own(app);
    if (gateway->server != NULL)
        sp_http_server_quiesce(gateway->server);
}

static bool stopped(struct sp_app *app)
{
    struct gateway *gateway = sp_app_own(app);
    if (gateway->server == NULL)
        return true;
    if (!sp_app_stopping(app) || sp_http_server_open_requests(gateway->server) > 0)
        return false;
    sp_http_server_close(&gateway->server);
    events_close(&gateway->events);
    return true;
}

int main(int argc, char **argv)
{
    static const struct sp_service service = {
        .name = "gateway",
        .routes = gateway_message_routes,
        .asks = gateway_asks,
        .jobs = gateway_jobs,
        .settings = settings,
        .setting_needs = design_setting_needs,
        .job_workers = GATEWAY_JOB_WORKERS,
        .migrations = gateway_migrations,
        .asks_of = gateway_services,
        .start = start,
        .stop = stop,
        .stopped = stopped,
    };
    return sp_service_main(&service, argc, argv);
}

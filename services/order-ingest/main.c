/* order-ingest: the order book. */
#include "services/order-ingest/asks.h"
#include "services/order-ingest/handlers.h"
#include "services/order-ingest/jobs.h"
#include "services/order-ingest/settings.h"

extern const struct sp_migration order_ingest_migrations[];

int main(int argc, char **argv)
{
    static const struct sp_service service = {
        .name = "order-ingest",
        .routes = ingest_routes,
        .asks = ingest_asks,
        .jobs = ingest_jobs,
        .settings = ingest_settings,
        .migrations = order_ingest_migrations,
    };
    return sp_service_main(&service, argc, argv);
}

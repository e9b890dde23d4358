/* connector: how to talk to a marketplace. */
#include "services/connector/asks.h"
#include "services/connector/handlers.h"
#include "services/connector/jobs.h"
#include "services/connector/settings.h"

extern const struct sp_migration connector_migrations[];

int main(int argc, char **argv)
{
    static const struct sp_service service = {
        .name = "connector",
        .routes = connector_routes,
        .asks = connector_asks,
        .jobs = connector_jobs,
        /* Fetches go on while a sweep, a push and a refresh wait for the marketplace. */
        .job_workers = 4,
        .settings = connector_settings,
        .migrations = connector_migrations,
    };
    return sp_service_main(&service, argc, argv);
}

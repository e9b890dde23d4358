/* placement: what we have decided to do about an order. */
#include "services/placement/asks.h"
#include "services/placement/handlers.h"
#include "services/placement/jobs.h"

extern const struct sp_migration placement_migrations[];

int main(int argc, char **argv)
{
    static const struct sp_service service = {
        .name = "placement",
        .routes = placement_routes,
        .asks = placement_asks,
        .jobs = placement_jobs,
        .migrations = placement_migrations,
    };
    return sp_service_main(&service, argc, argv);
}

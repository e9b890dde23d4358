/* inventory: what is where, and for whom it is kept. */
#include "services/inventory/asks.h"
#include "services/inventory/handlers.h"
#include "services/inventory/jobs.h"

extern const struct sp_migration inventory_migrations[];

int main(int argc, char **argv)
{
    static const struct sp_service service = {
        .name = "inventory",
        .routes = inventory_routes,
        .asks = inventory_asks,
        .jobs = inventory_jobs,
        .migrations = inventory_migrations,
    };
    return sp_service_main(&service, argc, argv);
}

/* product-mapper: what a channel SKU means to us. */
#include "services/product-mapper/asks.h"
#include "services/product-mapper/handlers.h"
#include "services/product-mapper/jobs.h"

extern const struct sp_migration product_mapper_migrations[];

int main(int argc, char **argv)
{
    static const struct sp_service service = {
        .name = "product-mapper",
        .routes = mapper_routes,
        .asks = mapper_asks,
        .jobs = mapper_jobs,
        .migrations = product_mapper_migrations,
        .job_workers = 2, /* a sheet of many lines does not hold up healing */
    };
    return sp_service_main(&service, argc, argv);
}

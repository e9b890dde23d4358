/* How often which path was called, ids left out. */
#ifndef SANDBOX_TRAFFIC_H
#define SANDBOX_TRAFFIC_H

#include "common/base.h"

enum { TRAFFIC_PATHS = 80, TRAFFIC_PATH_BYTES = 120 };

struct traffic_path {
    char path[TRAFFIC_PATH_BYTES + 1]; /* "/product/202309/products/{id}" */
    uint64_t count, failed;            /* failed: no answer, or another status than 200 */
};

struct traffic {
    struct traffic_path
        paths[TRAFFIC_PATHS]; /* those first called first; further ones are left out */
    size_t count;
};

void traffic_note(struct traffic *traffic, struct sp_text path, bool failed);

#endif

/* What placement does with each message. */
#ifndef SAMPAN_PLACEMENT_HANDLERS_H
#define SAMPAN_PLACEMENT_HANDLERS_H

#include "common/service.h"

extern const struct sp_route placement_routes[];

#endif

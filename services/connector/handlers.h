/* What the connector does with each fact it receives. */
#ifndef SAMPAN_CONNECTOR_HANDLERS_H
#define SAMPAN_CONNECTOR_HANDLERS_H

#include "common/service.h"

extern const struct sp_route connector_routes[];

#endif

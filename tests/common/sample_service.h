/* A small service for the tests of the skeleton: keeps the status of each order, passes it on, and
 * does as the status says: POISON is rejected, LATER is put off, CRASH kills the process, BAD
 * breaks its SQL. */
#ifndef SAMPAN_SAMPLE_SERVICE_H
#define SAMPAN_SAMPLE_SERVICE_H

#include "common/service.h"
#include "proto/messages.h"

extern const struct sp_service sample_service;

/* An order.recorded of account 1. */
struct order_recorded sample_order(const char *key, int64_t rev, const char *status);

#endif

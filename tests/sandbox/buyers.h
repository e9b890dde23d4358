/* Buyers of the shop of the rig who change their minds. */
#ifndef SANDBOX_TEST_BUYERS_H
#define SANDBOX_TEST_BUYERS_H

#include "services/sandbox/return_life.h"
#include "tests/sandbox/rig.h"

/* One asks to cancel all that is left of an order; the position of the request. */
uint32_t buyers_cancel(uint32_t order);
/* One wants units back, or all that can be given back; the position of the return. */
uint32_t buyers_return(uint32_t order, enum return_type type, struct unit_set units);
struct unit_set buyers_units(uint32_t order);

#endif

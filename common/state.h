/* State machines as tables with one door. */
#ifndef SAMPAN_STATE_H
#define SAMPAN_STATE_H

#include "common/base.h"

struct sp_step {
    int from, event, to;
};

/* A machine: its steps and the names of states and events, for messages and the printed matrix.  */
struct sp_machine {
    const char *name;
    const struct sp_step *steps;
    size_t step_count;
    const char *const *states; /* index = state */
    size_t state_count;
    const char *const *events; /* index = event */
    size_t event_count;
};

/* The only way from one state to the next: true and `*to` when the table has the step. */
bool sp_state_next(const struct sp_machine *machine, int from, int event, int *to) SP_MUST_USE;
int sp_state_of(const struct sp_machine *machine, struct sp_text name); /* -1 when unknown */

#endif

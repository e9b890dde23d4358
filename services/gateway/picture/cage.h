/* From here on the program reads and writes what it has open, takes so much memory and time, and
 * does nothing else; whoever makes it try is killed. */
#ifndef GATEWAY_PICTURE_CAGE_H
#define GATEWAY_PICTURE_CAGE_H

#include "services/gateway/picture/picture.h"

void cage_enter(void);
/* Ends the program here, and nothing else that may want to run at its end. */
_Noreturn void cage_leave(enum picture_end how);

#endif

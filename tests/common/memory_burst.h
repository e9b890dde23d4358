/* What a batch of a hundred thousand small things does to memory. */
#ifndef SAMPAN_MEMORY_BURST_H
#define SAMPAN_MEMORY_BURST_H

#include <stdint.h>

#define MEMORY_BURST INT64_C(33554432) /* bytes */

/* Takes MEMORY_BURST bytes in small pieces and gives them back, all but the last: the system's
 * share of them hangs on that one. */
void memory_burst(void);
/* Bytes of the process that are in memory. */
int64_t memory_resident(int pid);

#endif

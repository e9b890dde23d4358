/* Memory stays flat: a burst's memory goes back to the system when the burst is over. */
#ifndef SAMPAN_MEMORY_H
#define SAMPAN_MEMORY_H

/* Few arenas for many threads, and large blocks of their own.  Before the first thread. */
void sp_memory_bound(void);

/* Gives back whole pages that are free.  malloc by itself gives back only what is free at an
 * arena's end, and one small thing kept there holds all that a burst has left below it.  From any
 * thread; some hundred microseconds, longer after a burst. */
void sp_memory_give_back(void);

#endif

/* An answer that lacks something. */
#ifndef SANDBOX_FAULTY_PAGE_H
#define SANDBOX_FAULTY_PAGE_H

#include "common/buffer.h"

/* Takes the middle one out of the first list in `data` of an envelope; nothing when there is none.
 */
void faulty_page_omit(struct sp_buffer *envelope);

#endif

/* The small picture of a print file, made by a program of its own that has nothing but the file. */
#ifndef GATEWAY_DESIGN_PREVIEW_H
#define GATEWAY_DESIGN_PREVIEW_H

#include "services/gateway/design_store.h"

/* Makes the small picture of the design whose bytes are in file->fd and puts it beside it, or else
 * the reason why there is none, once for all.  SP_RETRY: neither could be done now.  Blocks, for
 * seconds.
 */
enum sp_result design_keep_preview(const struct design_store *store, const struct design_file *file,
                                   struct sp_error *err) SP_MUST_USE;
/* The reason that was kept in a file; PREVIEW_BROKEN when it is none. */
const char *design_read_reason(int fd);

#endif

/* Print files: in, out, and away.  Their bytes pass through a file, never through memory or the
 * bus; what they are for is product-mapper's. */
#ifndef GATEWAY_DESIGN_H
#define GATEWAY_DESIGN_H

#include "services/gateway/gateway.h"

/* Whether a file may come at all: nobody fills the disk who is not signed in. */
sp_http_handler design_admit;
sp_http_handler on_design, on_design_file, on_design_preview;

/* 503; what the store itself said goes to the log. */
void design_say_away(struct sp_http_request *request, const struct sp_error *err);

/* Says when the store cannot be used, and from now on looks for files that nobody knows, a share at
 * a time. */
void design_begin(struct gateway *gateway);

#endif

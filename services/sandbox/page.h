/* The consent's plain HTML pages: no script, one style. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "common/buffer.h"
#include "common/http_server.h"

/* With &, <, >, " and ' as entities. */
void page_put(struct sp_buffer *out, struct sp_text text);
void page_put_string(struct sp_buffer *out, const char *text);

void page_begin(struct sp_buffer *out, const char *title);
/* Ends the page and answers with it; frees the buffer. */
void page_answer(struct sp_http_request *request, int status, struct sp_buffer *out);

#endif

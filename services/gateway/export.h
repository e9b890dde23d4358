/* Files of any length, made page by page while they are sent. */
#ifndef GATEWAY_EXPORT_H
#define GATEWAY_EXPORT_H

#include "common/http_server.h"

/* The handler of a route whose ask answers with pages of a file, CSV or what the pattern
 * ends with (.xlsx): a line with the cursor of the
 * next page, empty at the end, and behind it the page (at most 1 MiB).  The next page is asked for
 * when the one before has gone out, so a slow reader costs one page, however long the file. */
sp_http_handler on_export;

/* "<cursor>\n<page>": the cursor is empty with the last page.  False: it is no such answer. */
bool export_split(struct sp_text answer, struct sp_text *cursor, struct sp_text *page);

#endif

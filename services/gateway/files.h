/* The dashboard's files, and what is neither a file nor a route. */
#ifndef GATEWAY_FILES_H
#define GATEWAY_FILES_H

#include "common/http_server.h"

sp_http_handler on_health;
sp_http_handler on_file;
sp_http_handler on_unknown;
sp_http_handler on_wrong_method;

/* A path of a page, not of a file: its last part has no dot.  Such paths all show index.html. */
bool files_is_page(struct sp_text path);

#endif

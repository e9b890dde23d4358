/* Percent-encoding where http_client.h's two functions do not reach: paths. */
#ifndef SAMPAN_HTTP_URL_H
#define SAMPAN_HTTP_URL_H

#include "common/http_client.h"

/* As sp_url_decode, but '+' is a plus sign, as it is in a path. */
enum sp_result sp_url_decode_path(struct sp_arena *arena, struct sp_text text,
                                  struct sp_text *decoded) SP_MUST_USE;
/* The next name=value of a query, decoded; false at the end.  A broken escape stands as it was
 * sent. Start with *at = 0. */
bool sp_url_next_pair(struct sp_arena *arena, struct sp_text query, size_t *at,
                      struct sp_text pair[2]);
/* True when every escape of the text is one. */
bool sp_url_escapes_valid(struct sp_text text);

#endif

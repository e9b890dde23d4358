/* Times as the API writes them. */
#ifndef GATEWAY_RFC3339_H
#define GATEWAY_RFC3339_H

#include "common/base.h"

enum { RFC3339_BYTES = 32 };

/* "2026-11-21T22:30:00Z" for microseconds since 1970; seconds are cut, not rounded. */
void rfc3339_write(int64_t us, char text[RFC3339_BYTES]);

#endif

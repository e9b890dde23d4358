#include "services/gateway/rfc3339.h"

#include <string.h>
#include <time.h>

void rfc3339_write(int64_t us, char text[RFC3339_BYTES])
{
    time_t seconds = (time_t)(us / 1000000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL)
        memset(&parts, 0, sizeof parts);
    if (strftime(text, RFC3339_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        text[0] = '\0';
}

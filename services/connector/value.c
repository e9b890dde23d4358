/* Single values as the marketplace writes them. */
#include "services/connector/value.h"

#include "common/text.h"

#define LATEST_S INT64_C(253402300800) /* the year 10000 */

enum { ID_MAX = 32 };

struct sp_text tiktok_text(struct sp_json value, size_t max, struct sp_arena *arena)
{
    return sp_text_fit(sp_json_text(value, arena), max, arena);
}

int64_t tiktok_time(struct sp_json value)
{
    int64_t seconds = sp_json_int(value, 0);
    return seconds > 0 && seconds < LATEST_S ? seconds : 0;
}

bool tiktok_is_id(struct sp_text text)
{
    if (text.size == 0 || text.size > ID_MAX)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    c == '-' || c == '_';
        if (!good)
            return false;
    }
    return true;
}

struct sp_text tiktok_id(struct sp_json value, struct sp_arena *arena)
{
    struct sp_text id = sp_json_text(value, arena);
    return tiktok_is_id(id) && !sp_text_is(id, "0") ? id : (struct sp_text){0};
}

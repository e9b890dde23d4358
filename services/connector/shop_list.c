/* The shops that a grant covers. */
#include "services/connector/shop_list.h"

#include "common/text.h"
#include "services/connector/value.h"

enum { NAME_MAX = 200, REGION_MAX = 8 };

void shop_list_ask(struct tiktok_call *call, struct sp_text token, int64_t now_s)
{
    *call = (struct tiktok_call){
        .kind = TIKTOK_ADMIN,
        .method = "GET",
        .path = SP_TEXT("/authorization/202309/shops"),
        .token = token,
        .now_s = now_s,
    };
}

size_t shop_list_read(struct sp_json data, struct sp_arena *arena,
                      struct connect_shop shops[CONNECT_SHOPS])
{
    enum { ID, CIPHER, NAME, REGION, MEMBERS };
    static const char *const names[MEMBERS] = {"id", "cipher", "name", "region"};
    struct sp_json_walk walk = sp_json_each(sp_json_get(data, "shops"));
    struct sp_json element, value[MEMBERS];
    size_t count = 0;
    while (!walk.object && count < CONNECT_SHOPS && sp_json_next(&walk, NULL, &element)) {
        sp_json_members(element, names, MEMBERS, value);
        struct connect_shop shop = {
            .channel_shop_id = sp_json_text(value[ID], arena),
            .cipher = sp_text_fit(sp_json_text(value[CIPHER], arena), NAME_MAX, arena),
            .name = sp_text_fit(sp_json_text(value[NAME], arena), NAME_MAX, arena),
            .region = sp_text_fit(sp_json_text(value[REGION], arena), REGION_MAX, arena),
        };
        if (tiktok_is_id(shop.channel_shop_id) && shop.cipher.size > 0)
            shops[count++] = shop;
    }
    return count;
}

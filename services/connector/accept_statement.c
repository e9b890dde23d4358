/* What was read of statements becomes work. */
#include "services/connector/accept_statement.h"

#include "services/connector/content.h"
#include "services/connector/finance_json.h"
#include "services/connector/statement_store.h"

size_t accept_read_statements(struct sp_ctx *ctx, struct sp_json array,
                              const struct accept_source *from,
                              struct accept_statement statements[PAGE_IDS])
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    struct sp_error err;
    size_t count = 0;
    while (!walk.object && count < PAGE_IDS && sp_json_next(&walk, NULL, &element)) {
        struct accept_statement *one = &statements[count];
        one->from = *from;
        if (tiktok_read_statement(element, sp_ctx_arena(ctx), &one->fact, &err) == SP_OK)
            count++;
        else
            accept_leave_out("statement", &err);
    }
    return count;
}

enum sp_result accept_statements(struct sp_ctx *ctx, const struct accept_statement statements[],
                                 size_t count)
{
    struct statement_item *items = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        struct channel_statement fact = statements[i].fact;
        items[i].shop = statements[i].from.shop;
        fact.head = content_head(items[i].shop.account_id, fact.statement_id);
        enum sp_result result = content_hash(&channel_statement_message, &fact, (struct sp_text){0},
                                             &items[i].hash, sp_ctx_error(ctx));
        if (result != SP_OK)
            return result;
        items[i].fact = fact;
    }
    return count == 0 ? SP_OK : store_want_statements(ctx, items, count);
}

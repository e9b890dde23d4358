/* What reading the marketplace's order pages costs the connector: sampan-reader INVOICES ORDERS.
 *
 * The pages are the local TikTok Shop's own, of a shop that has the invoices and so many made-up
 * orders more.  The yardstick is jsmn, which cuts the same bytes into tokens and does nothing else.
 * Each step takes each page several times, in turns; the shortest time counts.  Prints microseconds
 * per order as JSON. */
#include <jsmn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/http_client.h"
#include "services/connector/content.h"
#include "services/connector/envelope.h"
#include "services/connector/order_json.h"
#include "services/sandbox/order_maker.h"
#include "tests/sandbox/rig.h"

enum { PAGE = 50, TURNS = 5, TOKENS = 1 << 20, SKUS_OF_AN_ORDER = 2, ACCOUNT = 1 };

enum step { TOKENISE, PARSE, NORMALISE, ENCODE, STEPS };

struct reader {
    struct sp_text page;
    struct sp_arena *arena;
    jsmntok_t *tokens;
    struct tiktok_answer answer;
    struct tiktok_order orders[PAGE];
    size_t count;
    struct sp_buffer packed;
};

static void tokenise(struct reader *reader)
{
    jsmn_parser parser;
    jsmn_init(&parser);
    SP_ASSERT(jsmn_parse(&parser, reader->page.data, reader->page.size, reader->tokens, TOKENS) >
              0);
}

/* The whole page is checked; nothing is taken from it that was not. */
static void parse(struct reader *reader)
{
    reader->answer = tiktok_read_answer(200, reader->page, reader->arena);
    SP_ASSERT(reader->answer.outcome == TIKTOK_DONE);
}

static void normalise(struct reader *reader)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(reader->answer.data, "orders"));
    struct sp_json element;
    for (reader->count = 0; sp_json_next(&walk, NULL, &element); reader->count++) {
        struct tiktok_order *order = &reader->orders[reader->count];
        *order = (struct tiktok_order){0};
        SP_ASSERT(tiktok_read_order(element, reader->arena, order, NULL) == SP_OK);
    }
}

/* Twice, as the connector does: for the content's hash, and to be sent. */
static void encode(struct reader *reader)
{
    reader->packed.size = 0;
    for (size_t i = 0; i < reader->count; i++) {
        struct channel_order *fact = &reader->orders[i].fact;
        int64_t hash;
        fact->head = content_head(ACCOUNT, fact->channel_order_id);
        SP_ASSERT(content_hash(&channel_order_message, fact, reader->orders[i].buyer, &hash,
                               NULL) == SP_OK);
        SP_ASSERT(sp_message_encode(&channel_order_message, fact, &reader->packed, NULL) == SP_OK);
    }
}

static void (*const steps[STEPS])(struct reader *reader) = {tokenise, parse, normalise, encode};

static double cpu_us(void)
{
    struct timespec now;
    SP_ASSERT(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void read_page(struct reader *reader, double spent[STEPS])
{
    double least[STEPS];
    for (int turn = 0; turn < TURNS; turn++) {
        for (int step = 0; step < STEPS; step++) {
            double began = cpu_us();
            steps[step](reader);
            double took = cpu_us() - began;
            least[step] = turn == 0 || took < least[step] ? took : least[step];
        }
        sp_arena_reset(reader->arena);
    }
    for (int step = 0; step < STEPS; step++)
        spent[step] += least[step];
}

static struct sandbox *open_shop(const char *invoices, long orders)
{
    struct sandbox_options options = rig_options();
    options.invoices = invoices;
    struct sandbox *sandbox = rig_open(&options);
    struct shop *shop = &sandbox->shops[0];
    struct order_wish wish = {.status = AWAITING_SHIPMENT, .skus_per_order = SKUS_OF_AN_ORDER};
    rig_authorize(sandbox);
    for (long i = 0; i < orders; i++)
        (void)order_maker_place(sandbox, shop, &wish, book_reserve(&shop->book, 1));
    return sandbox;
}

static struct sp_text fetch_page(struct sandbox *sandbox, struct sp_arena *arena,
                                 struct sp_text token)
{
    struct sp_buffer query = {0};
    sp_buffer_printf(&query, "page_size=%d&sort_field=update_time&sort_order=ASC", PAGE);
    if (token.size > 0) {
        sp_buffer_put_string(&query, "&page_token=");
        sp_url_encode(&query, token);
    }
    sp_buffer_put(&query, "", 1);
    struct rig_answer answer = rig_call(sandbox, arena,
                                        &(struct rig_call){.method = "POST",
                                                           .path = "/order/202309/orders/search",
                                                           .query = query.data,
                                                           .body = "{}"});
    SP_ASSERT(answer.code == 0);
    sp_buffer_free(&query);
    return answer.whole.raw;
}

/* All pages of the shop; `bytes` becomes their size, the result is how many orders they hold. */
static size_t read_shop(struct reader *reader, struct sandbox *sandbox, double spent[STEPS],
                        size_t *bytes)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer token = {0};
    size_t orders = 0;
    do {
        reader->page = fetch_page(sandbox, arena, sp_buffer_text(&token));
        read_page(reader, spent);
        orders += reader->count;
        *bytes += reader->page.size;
        struct sp_json data = tiktok_read_answer(200, reader->page, arena).data;
        token.size = 0;
        sp_buffer_put_text(&token, sp_json_text(sp_json_get(data, "next_page_token"), arena));
        sp_arena_reset(arena);
    } while (token.size > 0);
    sp_buffer_free(&token);
    sp_arena_close(&arena);
    return orders;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    struct sandbox *sandbox = open_shop(argv[1], strtol(argv[2], NULL, 10));
    struct reader reader = {.arena = sp_arena_open(),
                            .tokens = sp_alloc(TOKENS * sizeof(jsmntok_t))};
    double spent[STEPS] = {0};
    size_t bytes = 0;
    double orders = (double)read_shop(&reader, sandbox, spent, &bytes);
    (void)printf("{\"orders\": %.0f, \"bytes\": %.0f, \"tokenise\": %.3f, \"parse\": %.3f, "
                 "\"normalise\": %.3f, \"encode\": %.3f}\n",
                 orders, (double)bytes / orders, spent[TOKENISE] / orders, spent[PARSE] / orders,
                 spent[NORMALISE] / orders, spent[ENCODE] / orders);
    sp_buffer_free(&reader.packed);
    sp_arena_close(&reader.arena);
    free(reader.tokens);
    sandbox_close(&sandbox);
    return 0;
}

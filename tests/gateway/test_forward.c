/* From a request to an ask and back.  Covers: forward.c, oauth.c, webhook.c */
#include <criterion/criterion.h>
#include <string.h>

#include "common/http_exchange.h"
#include "services/gateway/forward.h"
#include "services/gateway/oauth.h"
#include "services/gateway/webhook.h"

static struct exchange exchange; /* without a connection: every header is empty */
static struct sp_http_route *table;
static const struct person packer = {
    .account_id = 5, .role = ROLE_PACKER, .login = "anna", .language = "th"};

static void begin(void)
{
    sp_crypto_setup();
    table = routes_for_server();
    exchange.request.arena = sp_arena_open();
}

TestSuite(forward, .init = begin);

static struct sp_http_request *request(const char *method, const char *path, const char *query)
{
    struct sp_http_request *one = &exchange.request;
    one->method = method;
    one->path = sp_text_of(path);
    one->query = sp_text_of(query);
    cr_assert_eq(sp_http_find_route(table, one), ROUTE_FOUND);
    return one;
}

Test(forward, an_ask_carries_the_person_and_their_rights)
{
    struct sp_ask ask;
    struct sp_http_request *one = request("GET", "/api/v1/orders", "");
    cr_assert_eq(forward_ask(one, "order-ingest", &packer, &ask), SP_OK);
    cr_expect(sp_text_is(ask.name, "order-ingest.orders"));
    cr_expect_eq(ask.account_id, 5);
    cr_expect(sp_text_is(ask.user, "anna"));
    cr_expect(sp_text_is(ask.language, "th"));
    cr_expect_eq(ask.permission_count, 4);
    for (size_t i = 0; i < ask.permission_count; i++)
        cr_expect_null(memmem(ask.permissions[i].data, ask.permissions[i].size, "money", 5));
    static const uint8_t zero[SP_TRACE_BYTES];
    cr_expect_neq(memcmp(ask.trace, zero, sizeof zero), 0);
}

Test(forward, path_and_query_become_parameters)
{
    struct sp_ask ask;
    struct sp_http_request *one =
        request("GET", "/api/v1/import-runs/17/lines", "limit=20&cursor=a%2Fb&q=%C3%A1o");
    cr_assert_eq(forward_ask(one, "order-ingest", &packer, &ask), SP_OK);
    cr_expect(sp_text_is(sp_ask_param(&ask, "id"), "17"));
    cr_expect(sp_text_is(sp_ask_param(&ask, "limit"), "20"));
    cr_expect(sp_text_is(sp_ask_param(&ask, "cursor"), "a/b"));
    cr_expect(sp_text_is(sp_ask_param(&ask, "q"), "áo"));
    cr_expect_eq(sp_ask_param(&ask, "nothing").size, 0);
}

Test(forward, a_query_cannot_stand_in_for_the_path)
{
    struct sp_ask ask;
    struct sp_http_request *one = request("GET", "/api/v1/orders/7-1", "id=8-2&x=y");
    cr_assert_eq(forward_ask(one, "order-ingest", &packer, &ask), SP_OK);
    cr_expect_eq(ask.param_count, 2);
    cr_expect(sp_text_is(sp_ask_param(&ask, "id"), "7-1"));
}

/* The name is the hash that sessions are stored under, so it opens nothing. */
Test(forward, a_connection_carries_the_session_and_no_query_can_forge_it)
{
    struct sp_ask ask;
    struct sp_http_request *one = request("GET", "/oauth/tiktok/callback", "session=mine&state=s");
    struct person person = packer;
    cr_assert_eq(forward_ask(one, "connector", &person, &ask), SP_OK);
    cr_expect_eq(ask.param_count, 2);
    cr_expect(
        sp_text_is(sp_ask_param(&ask, "session"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    person.token.bytes[0] = 4;
    one = request("POST", "/api/v1/shops", "");
    cr_assert_eq(forward_ask(one, "connector", &person, &ask), SP_OK);
    cr_expect(
        sp_text_is(sp_ask_param(&ask, "session"), "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    one = request("GET", "/api/v1/shops", "session=mine");
    cr_assert_eq(forward_ask(one, "connector", &person, &ask), SP_OK);
    cr_expect(sp_text_is(sp_ask_param(&ask, "session"), "mine"),
              "elsewhere it is a word like others");
}

Test(forward, too_many_parameters_are_refused)
{
    char query[1024] = "";
    for (int i = 0; i < FORWARD_PARAMS; i++)
        memcpy(query + 4 * i, "a=b&", 5);
    struct sp_ask ask;
    struct sp_http_request *one = request("GET", "/api/v1/orders", query);
    cr_expect_eq(forward_ask(one, "order-ingest", &packer, &ask), SP_OK);
    memcpy(query + strlen(query), "a=b", 4);
    one->query = sp_text_of(query);
    cr_expect_eq(forward_ask(one, "order-ingest", &packer, &ask), SP_REJECT);
}

Test(forward, too_long_a_name_is_refused)
{
    char query[80];
    memset(query, 'n', sizeof query - 1);
    query[65] = '=';
    query[79] = '\0';
    struct sp_ask ask;
    struct sp_http_request *one = request("GET", "/api/v1/orders", query);
    cr_expect_eq(forward_ask(one, "order-ingest", &packer, &ask), SP_REJECT);
}

Test(forward, dead_letters_are_asked_of_the_service_named)
{
    struct sp_ask ask;
    struct sp_http_request *one = request("GET", "/api/v1/dead-letters", "service=inventory");
    cr_assert_eq(forward_ask(one, "inventory", &packer, &ask), SP_OK);
    cr_expect(sp_text_is(ask.name, "inventory.dead-letters"));
}

Test(forward, webhooks_are_stored_forged_or_to_be_repeated)
{
    cr_expect_eq(webhook_status(200), 200);
    cr_expect_eq(webhook_status(401), 401);
    static const int others[] = {0, 201, 204, 400, 403, 404, 409, 422, 500, 502, 503, 504};
    for (size_t i = 0; i < SP_COUNT(others); i++)
        cr_expect_eq(webhook_status(others[i]), 503, "%d", others[i]);
}

static bool leads_to(int status, const char *body, const char *location)
{
    struct sp_arena *arena = exchange.request.arena;
    return sp_text_is(oauth_location(arena, status, sp_text_of(body)), location);
}

Test(forward, sellers_come_back_to_their_connection)
{
    cr_expect(leads_to(200, "{\"connect_id\":\"ab-12_C\"}", "/#/shops/connect/ab-12_C"));
    cr_expect(leads_to(409, "{\"code\":\"STATE_USED\"}", "/#/shops?problem=STATE_USED"));
    cr_expect(leads_to(503, "", "/#/shops?problem=SERVICE_AWAY"));
}

Test(forward, nothing_of_an_answer_can_bend_the_redirect)
{
    cr_expect(
        leads_to(200, "{\"connect_id\":\"//evil.example\"}", "/#/shops?problem=SERVICE_AWAY"));
    cr_expect(leads_to(200, "{\"connect_id\":\"a\\r\\nSet-Cookie: x\"}",
                       "/#/shops?problem=SERVICE_AWAY"));
    cr_expect(leads_to(400, "{\"code\":\"A B\"}", "/#/shops?problem=SERVICE_AWAY"));
    cr_expect(leads_to(200, "<html>", "/#/shops?problem=SERVICE_AWAY"));
}

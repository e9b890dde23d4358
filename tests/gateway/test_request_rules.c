/* What a request must bring. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/request_rules.h"

static const struct gateway_route post = {
    .method = "POST", .pattern = "/x", .flags = ROUTE_COMMAND};
static const struct gateway_route put = {.method = "PUT", .pattern = "/x", .flags = ROUTE_COMMAND};
static const struct gateway_route get = {.method = "GET", .pattern = "/x"};
static const struct gateway_route hook = {
    .method = "POST", .pattern = "/x", .flags = ROUTE_PUBLIC | ROUTE_RAW};
static const struct gateway_route csv = {
    .method = "POST", .pattern = "/x", .flags = ROUTE_COMMAND | ROUTE_SHEET};
static const struct gateway_route sign_in = {
    .method = "POST", .pattern = "/x", .flags = ROUTE_PUBLIC};

#define OURS SP_TEXT("https://hub.example")

static struct request_facts good(void)
{
    return (struct request_facts){
        .host = SP_TEXT("hub.example"),
        .content_type = SP_TEXT("application/json"),
        .idempotency_key = SP_TEXT("5f0c"),
        .body = SP_TEXT("{\"on\":true}"),
    };
}

static const char *body_code(const struct gateway_route *route, struct request_facts facts)
{
    const struct request_fault *fault = rules_body(route, &facts);
    return fault == NULL ? "" : fault->code;
}

static bool origin_ok(const struct gateway_route *route, const char *fetch_site, const char *origin)
{
    struct request_facts facts = good();
    facts.fetch_site = sp_text_of(fetch_site);
    facts.origin = sp_text_of(origin);
    return rules_origin(route, &facts, OURS) == NULL;
}

Test(request_rules, take_changes_from_our_own_pages_only)
{
    cr_expect(origin_ok(&post, "same-origin", "https://hub.example"));
    cr_expect(origin_ok(&post, NULL, "https://hub.example"));
    cr_expect(origin_ok(&post, NULL, "http://hub.example"),
              "as the proxy sees it: the host is ours");
    cr_expect_not(origin_ok(&post, "cross-site", "https://evil.example"));
    cr_expect_not(origin_ok(&post, "same-site", "https://shop.hub.example"));
    cr_expect_not(origin_ok(&post, NULL, "https://evil.example"));
    cr_expect_not(origin_ok(&post, NULL, "https://hub.example.evil.example"));
    cr_expect_not(origin_ok(&post, NULL, "null"));
    cr_expect_not(origin_ok(&post, "same-origin", "https://evil.example"));
}

Test(request_rules, take_changes_from_what_is_no_browser)
{
    cr_expect(origin_ok(&post, NULL, NULL));
}

Test(request_rules, let_anybody_read_and_hooks_sign_themselves)
{
    cr_expect(origin_ok(&get, "cross-site", "https://evil.example"));
    cr_expect(origin_ok(&hook, "cross-site", "https://evil.example"));
    cr_expect_not(origin_ok(&sign_in, "cross-site", "https://evil.example"));
}

Test(request_rules, find_the_origin_of_an_address)
{
    cr_expect(sp_text_is(rules_origin_of(SP_TEXT("https://a.b:8443/c/d")), "https://a.b:8443"));
    cr_expect(sp_text_is(rules_origin_of(SP_TEXT("http://a")), "http://a"));
    cr_expect(sp_text_is(rules_origin_of(SP_TEXT("")), ""));
}

Test(request_rules, want_a_key_on_every_command)
{
    struct request_facts facts = good();
    cr_expect_str_eq(body_code(&post, facts), "");
    facts.idempotency_key = (struct sp_text){0};
    cr_expect_str_eq(body_code(&post, facts), "IDEMPOTENCY_KEY_MISSING");
    cr_expect_str_eq(body_code(&csv, facts), "IDEMPOTENCY_KEY_MISSING");
    cr_expect_str_eq(body_code(&put, facts), "", "it replaces: the same again does nothing");
    cr_expect_str_eq(body_code(&sign_in, facts), "");
    cr_expect_str_eq(body_code(&hook, facts), "");
}

Test(request_rules, take_keys_of_visible_characters_up_to_128)
{
    char key[129];
    memset(key, 'k', sizeof key);
    struct request_facts facts = good();
    facts.idempotency_key = (struct sp_text){key, 128};
    cr_expect_str_eq(body_code(&post, facts), "");
    facts.idempotency_key = (struct sp_text){key, 129};
    cr_expect_str_eq(body_code(&post, facts), "IDEMPOTENCY_KEY_BAD");
    facts.idempotency_key = SP_TEXT("a b");
    cr_expect_str_eq(body_code(&post, facts), "IDEMPOTENCY_KEY_BAD");
    facts.idempotency_key = SP_TEXT("k\xc3\xa9y");
    cr_expect_str_eq(body_code(&post, facts), "IDEMPOTENCY_KEY_BAD");
}

Test(request_rules, take_json_objects)
{
    static const struct {
        const char *body, *code;
    } cases[] = {
        {"{}", ""},
        {"", ""},
        {"<html><body>sign in</body></html>", "BODY_NOT_JSON"},
        {"{\"a\":1", "BODY_NOT_JSON"},
        {"{} {}", "BODY_NOT_JSON"},
        {"[]", "BODY_NOT_OBJECT"},
        {"1", "BODY_NOT_OBJECT"},
        {"null", "BODY_NOT_OBJECT"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct request_facts facts = good();
        facts.body = sp_text_of(cases[i].body);
        cr_expect_str_eq(body_code(&post, facts), cases[i].code, "%s", cases[i].body);
    }
}

Test(request_rules, want_the_content_type_said)
{
    struct request_facts facts = good();
    facts.content_type = SP_TEXT("Application/JSON; charset=utf-8");
    cr_expect_str_eq(body_code(&post, facts), "");
    static const char *const bad[] = {"", "text/plain", "application/jsonx",
                                      "application/x-www-form-urlencoded", "multipart/form-data"};
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        facts.content_type = sp_text_of(bad[i]);
        cr_expect_str_eq(body_code(&post, facts), "CONTENT_TYPE", "%s", bad[i]);
    }
    facts.content_type = SP_TEXT("text/csv");
    facts.body = SP_TEXT("sku,name\n");
    cr_expect_str_eq(body_code(&csv, facts), "");
    facts.content_type = SP_TEXT("application/json");
    cr_expect_str_eq(body_code(&csv, facts), "CONTENT_TYPE");
}

Test(request_rules, speak_the_first_language_we_know)
{
    cr_expect_str_eq(rules_language(SP_TEXT("fr-FR, th-TH;q=0.8, en;q=0.5"), "vi"), "th");
    cr_expect_str_eq(rules_language(SP_TEXT("ZH-hans-CN"), "vi"), "zh");
    cr_expect_str_eq(rules_language(SP_TEXT("en"), "vi"), "en");
    cr_expect_str_eq(rules_language(SP_TEXT("fr, de;q=0.1,"), "vi"), "vi");
    cr_expect_str_eq(rules_language(SP_TEXT(",,;-"), "vi"), "vi");
    cr_expect_str_eq(rules_language((struct sp_text){0}, "th"), "th");
    cr_expect_null(rules_language_of(SP_TEXT("en-US")));
}

static bool client_is(const char *peer, const char *forwarded, const char *proxies,
                      const char *client)
{
    return sp_text_is(rules_client(sp_text_of(peer), sp_text_of(forwarded), sp_text_of(proxies)),
                      client);
}

Test(request_rules, believe_forwarded_addresses_of_our_proxies_only)
{
    cr_expect(client_is("10.0.0.2", "1.1.1.1, 2.2.2.2", "10.0.0.2", "2.2.2.2"));
    cr_expect(client_is("10.0.0.2", "1.1.1.1", "10.0.0.1, 10.0.0.2", "1.1.1.1"));
    cr_expect(client_is("9.9.9.9", "1.1.1.1", "10.0.0.2", "9.9.9.9"));
    cr_expect(client_is("9.9.9.9", "1.1.1.1", "", "9.9.9.9"));
    cr_expect(client_is("10.0.0.2", "", "10.0.0.2", "10.0.0.2"));
    cr_expect(client_is("10.0.0.2", "1.1.1.1, ", "10.0.0.2", "10.0.0.2"));
}

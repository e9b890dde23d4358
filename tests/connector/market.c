/* A marketplace for tests. */
#include "tests/connector/market.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/http_client.h"
#include "services/connector/asks.h"
#include "services/connector/handlers.h"
#include "services/connector/jobs.h"
#include "services/connector/settings.h"

enum { TEXT_MAX = 4 * 1024 * 1024, WAIT_MS = 5000, ROUNDS_MAX = 400 };

extern const struct sp_migration connector_migrations[];

const struct sp_service market_connector = {
    .name = "connector",
    .routes = connector_routes,
    .asks = connector_asks,
    .jobs = connector_jobs,
    .settings = connector_settings,
    .migrations = connector_migrations,
};

static char address[64];
static pid_t sandbox;

/* Until the process ends: tests are short. */
static const char *keep(const char *data, size_t size)
{
    static struct sp_arena *arena;
    if (arena == NULL)
        arena = sp_arena_open();
    return sp_arena_copy(arena, (struct sp_text){data, size}).data;
}

static int bound_socket(int *port)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof any;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(fd, (struct sockaddr *)&any, size), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&any, &size), 0);
    *port = ntohs(any.sin_port);
    return fd;
}

static int free_port(void)
{
    int port;
    (void)close(bound_socket(&port));
    return port;
}

static void close_market(void)
{
    if (sandbox > 0) {
        (void)kill(sandbox, SIGTERM); /* so that it writes its truth log to the end */
        (void)waitpid(sandbox, NULL, 0);
    }
    sandbox = 0;
}

static bool call(const char *method, const char *path, const char *body, struct sp_buffer *answer)
{
    char url[512];
    (void)snprintf(url, sizeof url, "%s%s", address, path);
    const char *const headers[] = {"Content-Type: application/json", NULL};
    struct sp_http_call http = {
        .method = method, .url = url, .headers = headers, .body = sp_text_of(body)};
    struct sp_http_client *client = sp_http_client_open();
    sp_http_perform(client, &http, 1);
    sp_http_client_close(&client);
    *answer = http.answer;
    return http.result == SP_OK && http.status >= 200 && http.status < 300;
}

static void run_sandbox(int port, int products, const struct market_past *past)
{
    char bind_to[32], count[16], orders[16], days[16];
    (void)snprintf(bind_to, sizeof bind_to, "127.0.0.1:%d", port);
    (void)snprintf(count, sizeof count, "%d", products);
    (void)setenv("SAMPAN_SANDBOX_BIND", bind_to, 1);
    (void)setenv("SAMPAN_SANDBOX_PRODUCTS", count, 1);
    (void)snprintf(orders, sizeof orders, "%d", past->orders);
    (void)snprintf(days, sizeof days, "%d", past->days);
    (void)setenv("SAMPAN_SANDBOX_ORDERS", orders, 1);
    (void)setenv("SAMPAN_SANDBOX_ORDER_DAYS", days, 1);
    (void)setenv("SAMPAN_SANDBOX_TIMEOUT_FAULT", "1s", 1);
    (void)setenv("SAMPAN_LOG_LEVEL", "error", 1);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)execl(SANDBOX_PROGRAM, SANDBOX_PROGRAM, "run", (char *)NULL);
    _exit(127);
}

const char *market_open(int products)
{
    return market_open_with(products, &(struct market_past){0, 1});
}

const char *market_open_with(int products, const struct market_past *past)
{
    int port = free_port();
    (void)snprintf(address, sizeof address, "http://127.0.0.1:%d", port);
    sandbox = fork();
    cr_assert_geq(sandbox, 0);
    if (sandbox == 0)
        run_sandbox(port, products, past);
    (void)atexit(close_market);
    for (int i = 0; i < WAIT_MS / 20; i++) {
        struct sp_buffer answer;
        bool up = call("GET", "/sandbox/truth", NULL, &answer);
        sp_buffer_free(&answer);
        if (up)
            return address;
        (void)usleep(20000);
    }
    cr_assert_fail("the sandbox does not answer");
    return NULL;
}

char *const *market_settings(void)
{
    static char api[128], auth[128], consent[128], consent_us[128];
    static char key[] = "SAMPAN_TIKTOK_APP_KEY=demoappkey01";
    static char secret[] = "SAMPAN_TIKTOK_APP_SECRET=demo-secret-000111222333";
    static char service[] = "SAMPAN_TIKTOK_SERVICE_ID=7172000000000000001";
    static char rate[] = "SAMPAN_TIKTOK_CALL_RATE=4000";
    static char *settings[] = {key, secret, service, rate, api, auth, consent, consent_us, NULL};
    (void)snprintf(api, sizeof api, "SAMPAN_TIKTOK_API_URL=%s", address);
    (void)snprintf(auth, sizeof auth, "SAMPAN_TIKTOK_AUTH_URL=%s", address);
    (void)snprintf(consent, sizeof consent, "SAMPAN_TIKTOK_CONSENT_URL=%s/open/authorize", address);
    (void)snprintf(consent_us, sizeof consent_us,
                   "SAMPAN_TIKTOK_CONSENT_US_URL=%s/us/open/authorize", address);
    return settings;
}

static _Noreturn void say_for_ever(int listening, const char *answer)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        char asked[8192];
        int fd = accept(listening, NULL, NULL);
        if (read(fd, asked, sizeof asked) > 0 && write(fd, answer, strlen(answer)) < 0)
            _exit(1);
        (void)close(fd);
    }
}

char *const *market_canned(const char *data)
{
    static char api[128], answer[4096];
    int port, listening = bound_socket(&port);
    (void)snprintf(answer, sizeof answer,
                   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                   "{\"code\":0,\"message\":\"Success\",\"request_id\":\"1\",\"data\":%s}",
                   data);
    cr_assert_eq(listen(listening, 8), 0);
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0)
        say_for_ever(listening, answer);
    (void)close(listening);
    (void)snprintf(api, sizeof api, "SAMPAN_TIKTOK_API_URL=http://127.0.0.1:%d", port);
    static char *settings[16];
    for (size_t i = 0; market_settings()[i] != NULL; i++) {
        char *setting = market_settings()[i];
        settings[i] =
            strncmp(setting, api, sizeof "SAMPAN_TIKTOK_API_URL=" - 1) == 0 ? api : setting;
    }
    return settings;
}

static const char *checked(const char *method, const char *path, const char *body)
{
    struct sp_buffer answer = {0};
    bool good = call(method, path, body, &answer);
    const char *text = keep(answer.data, answer.size);
    sp_buffer_free(&answer);
    cr_assert(good, "%s %s: %s", method, path, text);
    return text;
}

const char *market_post(const char *path, const char *body)
{
    return checked("POST", path, body);
}

const char *market_get(const char *path)
{
    return checked("GET", path, NULL);
}

const char *market_after(const char *document, const char *before)
{
    const char *at = strstr(document, before);
    cr_assert_not_null(at, "%s", document);
    at += strlen(before);
    return keep(at, strcspn(at, "\""));
}

const char *market_order(const char *body)
{
    return market_after(market_post("/sandbox/orders", body), "\"ids\":[\"");
}

/* The value of a query parameter, decoded. */
static const char *query_value(const char *url, const char *name)
{
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "%s=", name);
    const char *at = strstr(url, wanted);
    cr_assert_not_null(at, "%s has no %s", url, name);
    at += strlen(wanted);
    struct sp_arena *arena = sp_arena_open();
    struct sp_text decoded;
    cr_assert_eq(sp_url_decode(arena, (struct sp_text){at, strcspn(at, "&")}, &decoded), SP_OK);
    const char *value = keep(decoded.data, decoded.size);
    sp_arena_close(&arena);
    return value;
}

void market_consent(const char *consent_url, const char **code, const char **state)
{
    char url[256], form[1024];
    const char *back = NULL;
    (void)snprintf(url, sizeof url, "%s/open/authorize", address);
    (void)snprintf(form, sizeof form, "answer=authorize&%s", strchr(consent_url, '?') + 1);
    CURL *curl = curl_easy_init();
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
    cr_assert_eq(curl_easy_perform(curl), CURLE_OK);
    (void)curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &back);
    cr_assert_not_null(back, "the consent page leads nowhere");
    *code = query_value(back, "code");
    *state = query_value(back, "state");
    curl_easy_cleanup(curl);
}

const char *market_member(const char *document, const char *name)
{
    struct sp_json root;
    struct sp_arena *arena = sp_arena_open();
    cr_assert_eq(sp_json_parse(sp_text_of(document), &root, NULL), SP_OK, "%s", document);
    struct sp_json value = sp_json_get(root, name);
    struct sp_text text = value.kind == SP_JSON_ARRAY || value.kind == SP_JSON_OBJECT
                              ? value.raw
                              : sp_json_text(value, arena);
    const char *kept = keep(text.data, text.size);
    sp_arena_close(&arena);
    return kept;
}

void market_run(struct sp_worker *worker, const char *job)
{
    for (int i = 0; i < ROUNDS_MAX; i++) {
        enum sp_result result = sp_worker_job(worker, job);
        cr_assert(result == SP_OK || result == SP_AGAIN, "%s: %s", job,
                  sp_worker_error(worker)->text);
        if (result == SP_OK)
            return;
    }
    cr_assert_fail("%s does not come to rest", job);
}

const char *market_begin(struct sp_worker *worker)
{
    const char *answer, *code, *state;
    int status = test_ask(worker, "connector.connect",
                          "{\"alias\":\"My shop\",\"region\":\"VN\",\"account_type\":\"SELLER\","
                          "\"email\":\"seller@example.com\"}",
                          &answer, "session", "s1", NULL);
    cr_assert_eq(status, 201, "%s", answer);
    const char *connect_id = market_member(answer, "connect_id");
    market_consent(market_member(answer, "consent_url"), &code, &state);
    status = test_ask(worker, "connector.oauth-return", NULL, &answer, "code", code, "state", state,
                      "session", "s1", NULL);
    cr_assert_eq(status, 200, "%s", answer);
    market_run(worker, "advance-connects");
    status = test_ask(worker, "connector.connect-state", NULL, &answer, "id", connect_id, NULL);
    cr_assert_eq(status, 200);
    cr_assert_str_eq(market_member(answer, "state"), "CHOOSING", "%s", answer);
    return connect_id;
}

const char *market_shop_id(struct sp_worker *worker, const char *connect_id)
{
    const char *answer;
    (void)test_ask(worker, "connector.connect-state", NULL, &answer, "id", connect_id, NULL);
    const char *shops = market_member(answer, "shops");
    struct sp_json root, shop;
    cr_assert_eq(sp_json_parse(sp_text_of(shops), &root, NULL), SP_OK);
    struct sp_json_walk walk = sp_json_each(root);
    cr_assert(sp_json_next(&walk, NULL, &shop));
    struct sp_text id = sp_json_get(shop, "channel_shop_id").raw;
    return keep(id.data + 1, id.size - 2);
}

const char *market_connect(struct sp_worker *worker, const char *history)
{
    char body[512];
    const char *answer, *connect_id = market_begin(worker);
    (void)snprintf(body, sizeof body,
                   "{\"shops\":[{\"channel_shop_id\":\"%s\",\"alias\":\"My shop\","
                   "\"warehouse_id\":\"7\",\"history\":%s}]}",
                   market_shop_id(worker, connect_id), history);
    int status = test_ask(worker, "connector.confirm", body, &answer, "id", connect_id, NULL);
    cr_assert_eq(status, 200, "%s", answer);
    const char *shops = market_member(answer, "shops");
    return keep(shops + 2, strcspn(shops + 2, "\""));
}

int market_webhook(struct sp_worker *worker, const char *body)
{
    const struct sp_text pieces[] = {SP_TEXT("demoappkey01"), sp_text_of(body)};
    uint8_t digest[SP_SHA256_BYTES];
    sp_hmac(SP_TEXT("demo-secret-000111222333"), pieces, SP_COUNT(pieces), digest);
    char hex[2 * SP_SHA256_BYTES + 1];
    for (size_t i = 0; i < SP_SHA256_BYTES; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return test_ask(worker, "connector.webhook", body, NULL, "signature", hex, NULL);
}

struct sp_worker *market_shop(int products)
{
    (void)market_open(products);
    struct sp_worker *worker = test_worker(&market_connector, market_settings());
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    market_run(worker, "pull-pages");
    return worker;
}

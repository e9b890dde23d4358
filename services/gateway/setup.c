#include "services/gateway/setup.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"
#include "proto/messages.h"
#include "services/gateway/forward.h"
#include "services/gateway/password.h"
#include "services/gateway/password_line.h"
#include "services/gateway/people_store.h"
#include "services/gateway/request_rules.h"
#include "services/gateway/session_store.h"
#include "services/gateway/sign_in.h"

#define LINK_LIFE_US (INT64_C(24) * 3600 * 1000000)

/* ---- the link
 * --------------------------------------------------------------------------------------- */

/* One look at a time. */
static struct setup_link {
    struct gateway *gateway;
    struct sp_arena *arena; /* of the token; NULL: no look is under way */
    struct sp_text token;
    struct token_hash hash;
    bool print;         /* a link is wanted, should nobody be set up */
    bool any, put;      /* out */
    int64_t printed_us; /* 0: never */
} setup_link;

static enum sp_result look(struct sp_ctx *ctx, void *context)
{
    struct setup_link *link = context;
    enum sp_result result = store_has_people(sp_ctx_db(ctx), sp_ctx_error(ctx), &link->any);
    if (result != SP_OK || link->any || !link->print)
        return result;
    return store_put_setup_link(sp_ctx_db(ctx), sp_ctx_error(ctx), &link->hash, &link->put);
}

static void looked(void *context, enum sp_result result)
{
    struct setup_link *link = context;
    if (result == SP_OK && link->any)
        link->gateway->set_up = true;
    if (result == SP_OK && link->put) {
        /* On stdout alone: logs travel, the token must not. */
        (void)printf("Set-up link, good for 24 hours: %s/#/setup?token=%.*s\n",
                     link->gateway->public_url, SP_FMT(link->token));
        (void)fflush(stdout);
        sp_log(SP_INFO, "setup-link-made", NULL);
        link->printed_us = sp_monotonic_us();
    }
    sp_arena_close(&link->arena);
}

void setup_look(void *context)
{
    struct gateway *gateway = context;
    struct setup_link *link = &setup_link;
    if (gateway->set_up || link->arena != NULL)
        return;
    int64_t now_us = sp_monotonic_us();
    link->gateway = gateway;
    link->arena = sp_arena_open();
    link->any = link->put = false;
    link->print = link->printed_us == 0 || now_us - link->printed_us >= LINK_LIFE_US;
    token_make(link->arena, &link->token, &link->hash);
    sp_app_work(gateway->app, look, looked, link);
}

/* ---- the first account
 * --------------------------------------------------------------------------------- */

enum setup_ending { SET_UP, TOKEN_BAD, ALREADY_SET_UP, TIME_ZONE_BAD };

struct setup {
    struct gateway *gateway;
    struct sp_http_request *request;
    struct token_hash link;
    struct new_account account;
    struct sp_text password;
    struct sp_text token;     /* of the session */
    struct person person;     /* .token: in; the rest out */
    enum setup_ending ending; /* out */
};

static enum sp_result emit_account(struct sp_ctx *ctx, const struct new_account *account)
{
    char key[24];
    (void)snprintf(key, sizeof key, "%lld", (long long)account->account_id);
    struct account_saved fact = {
        .head = {.account_id = account->account_id, .key = sp_text_of(key), .rev = account->rev},
        .name = account->name,
        .time_zone = account->time_zone,
        .currency = account->currency,
        .language = account->language,
        .state = SP_TEXT("ACTIVE"),
    };
    return sp_emit(ctx, &account_saved_message, &fact, 1);
}

/* One transaction: the link, the account, its owner, the session, the fact. */
static enum sp_result make_all(struct sp_ctx *ctx, struct setup *setup)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_error *err = sp_ctx_error(ctx);
    bool taken = false, made = false;
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = store_take_setup_link(db, err, &setup->link, &taken);
    if (result == SP_OK && taken)
        result = store_make_account(db, err, &setup->account, &made);
    if (result != SP_OK)
        return result;
    if (!made) {
        setup->ending = taken ? ALREADY_SET_UP : TOKEN_BAD;
        sp_rollback(ctx);
        return SP_OK;
    }
    store_put_session(db, &setup->person.token, SETUP_ACCOUNT_ID, SETUP_PERSON_ID);
    result = emit_account(ctx, &setup->account);
    return result == SP_OK ? sp_commit(ctx) : result;
}

/* What is cheap to know, before the password is hashed. */
static enum sp_result check_first(struct sp_ctx *ctx, struct setup *setup)
{
    struct sp_db *db = sp_ctx_db(ctx);
    bool any = false, live = false;
    enum sp_result result = store_has_people(db, sp_ctx_error(ctx), &any);
    if (result == SP_OK && !any)
        result = store_has_setup_link(db, sp_ctx_error(ctx), &setup->link, &live);
    setup->ending = any ? ALREADY_SET_UP : live ? SET_UP : TOKEN_BAD;
    if (result != SP_OK || setup->ending != SET_UP)
        return result;
    if (!store_knows_time_zone(db, sp_ctx_error(ctx), setup->account.time_zone))
        setup->ending = TIME_ZONE_BAD;
    return SP_OK;
}

static enum sp_result set_up(struct sp_ctx *ctx, void *context)
{
    struct setup *setup = context;
    enum sp_result result = check_first(ctx, setup);
    if (result != SP_OK || setup->ending != SET_UP)
        return result;
    char hash[128];
    result = sp_password_hash(setup->password, hash);
    if (result != SP_OK)
        return result;
    setup->account.password_hash = hash;
    setup->account.rev_floor = sp_rev_floor(ctx);
    result = make_all(ctx, setup);
    setup->account.password_hash = NULL;
    if (result != SP_OK || setup->ending != SET_UP)
        return result;
    struct session_times times;
    bool found = false;
    return store_find_session(sp_ctx_db(ctx), sp_ctx_error(ctx), &setup->person, &times, &found);
}

static void was_set_up(void *context, enum sp_result result)
{
    static const struct request_fault faults[] = {
        [TOKEN_BAD] = {401, "SETUP_TOKEN_BAD", "The link is used, too old, or none of ours."},
        [ALREADY_SET_UP] = {409, "ALREADY_SET_UP", "There is an owner already: sign in."},
        [TIME_ZONE_BAD] = {422, "ACCOUNT_BAD", "There is no such time zone."},
    };
    struct setup *setup = context;
    struct gateway *gateway = setup->gateway;
    if (result != SP_OK) {
        sp_http_problem(setup->request, 503, "SERVICE_AWAY", "The database is away.");
        return;
    }
    if (setup->ending == SET_UP || setup->ending == ALREADY_SET_UP)
        gateway->set_up = true;
    if (setup->ending != SET_UP) {
        const struct request_fault *fault = &faults[setup->ending];
        sp_http_problem(setup->request, fault->status, fault->code, fault->detail);
        return;
    }
    sp_log(SP_INFO, "set-up", NULL);
    answer_signed_in(gateway, setup->request, &setup->person, setup->token);
}

/* ---- the request
 * ------------------------------------------------------------------------------------- */

static bool is_currency(struct sp_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    return text.size == 3;
}

static const char *account_problem(const struct new_account *account)
{
    if (account->name.size == 0 || account->name.size > 120 || !sp_text_is_plain(account->name))
        return "The account needs a name of at most 120 bytes.";
    if (account->time_zone.size == 0 || account->time_zone.size > 64 ||
        !sp_text_is_plain(account->time_zone))
        return "The account needs a time zone.";
    if (!is_currency(account->currency))
        return "The account needs a currency of three capital letters.";
    if (account->language.size == 0)
        return "The language must be one of vi, th, zh, en.";
    return NULL;
}

static void read_body(struct sp_json body, struct setup *setup)
{
    struct sp_arena *arena = setup->request->arena;
    struct sp_json account = sp_json_get(body, "account");
    setup->password = sp_json_text(sp_json_get(body, "password"), arena);
    setup->account = (struct new_account){
        .account_id = SETUP_ACCOUNT_ID,
        .person_id = SETUP_PERSON_ID,
        .login = sp_json_text(sp_json_get(body, "login"), arena),
        .name = sp_json_text(sp_json_get(account, "name"), arena),
        .time_zone = sp_json_text(sp_json_get(account, "time_zone"), arena),
        .currency = sp_json_text(sp_json_get(account, "currency"), arena),
        .language =
            sp_text_of(rules_language_of(sp_json_text(sp_json_get(account, "language"), arena))),
    };
}

/* What can be told without the database; answers the request when something is wrong. */
static bool body_ok(struct setup *setup, struct sp_text link)
{
    const char *weakness = password_weakness(setup->password, setup->account.login);
    const char *problem = account_problem(&setup->account);
    if (!token_read(link, &setup->link))
        sp_http_problem(setup->request, 401, "SETUP_TOKEN_BAD",
                        "The link is used, too old, or none of ours.");
    else if (!login_is_good(setup->account.login))
        sp_http_problem(setup->request, 422, "LOGIN_BAD",
                        "A login has 3 to 120 letters, digits or . _ - + @.");
    else if (weakness != NULL)
        sp_http_problem(setup->request, 422, "PASSWORD_WEAK", weakness);
    else if (problem != NULL)
        sp_http_problem(setup->request, 422, "ACCOUNT_BAD", problem);
    else
        return true;
    return false;
}

void on_setup(struct sp_http_request *request, void *context)
{
    struct gateway *gateway = context;
    struct sp_json body;
    if (!forward_origin_ok(gateway, request) || !forward_body_ok(request))
        return;
    if (sp_json_parse(request->body, &body, NULL) != SP_OK) {
        sp_http_problem(request, 400, "BODY_NOT_JSON", "The body is not JSON.");
        return;
    }
    struct setup *setup = sp_arena_alloc(request->arena, sizeof *setup);
    *setup = (struct setup){.gateway = gateway, .request = request};
    read_body(body, setup);
    struct sp_text link = sp_json_text(sp_json_get(body, "token"), request->arena);
    if (!body_ok(setup, link))
        return;
    token_make(request->arena, &setup->token, &setup->person.token);
    password_line_join(gateway, request, (struct password_task){set_up, was_set_up, setup});
}

/* The envelope of every answer of the marketplace. */
#include "services/connector/envelope.h"

#include <string.h>

#include "common/text.h"

enum { MESSAGE_MAX = 200, REQUEST_ID_MAX = 64 };

enum gateway_code {
    CODE_BUSY = 36009002,
    CODE_BUSY_DEVELOPMENT = 36009037,
    CODE_INTERNAL = 36009003,
    CODE_TIMEOUT = 36009007,
    CODE_PARAMETER = 36009004,
    CODE_FOREIGN_ADDRESS = 36009033,
    CODE_FOREIGN_SHOP = 101000,
};

/* Codes with one meaning.  What is not listed is REFUSED, or LATER with a 5xx. */
static const struct {
    int64_t code;
    enum tiktok_outcome outcome;
} meanings[] = {
    {CODE_BUSY, TIKTOK_LATER},
    {CODE_BUSY_DEVELOPMENT, TIKTOK_LATER},
    {CODE_INTERNAL, TIKTOK_LATER},
    {CODE_TIMEOUT, TIKTOK_LATER},
    /* Our address is not on the app's list: an operator mends it, and nothing is given up. */
    {CODE_FOREIGN_ADDRESS, TIKTOK_LATER},
    {10006402, TIKTOK_LATER},
    {10002014, TIKTOK_LATER},
    {10002015, TIKTOK_LATER},
    {10037002, TIKTOK_LATER},
    {10037003, TIKTOK_LATER},
    {10037004, TIKTOK_LATER},
    {12001000, TIKTOK_LATER},
    {33001002, TIKTOK_LATER},
    {105001, TIKTOK_TOKEN},
    {105002, TIKTOK_TOKEN},
    {105004, TIKTOK_CONSENT},
    {105005, TIKTOK_CONSENT},
    {CODE_FOREIGN_SHOP, TIKTOK_CONSENT},
    {36009043, TIKTOK_CONSENT},
    {36009044, TIKTOK_CONSENT},
    {36004001, TIKTOK_CONSENT},
    {36004005, TIKTOK_CONSENT},
    {98001006, TIKTOK_CONSENT},
};

static enum tiktok_outcome outcome_of(int status, int64_t code, struct sp_text message)
{
    for (size_t i = 0; i < SP_COUNT(meanings); i++) {
        if (meanings[i].code == code)
            return meanings[i].outcome;
    }
    /* One code for many mistakes; only its words tell a stale token from a wrong request. */
    if (code == CODE_PARAMETER && sp_text_holds(message, "access") &&
        sp_text_holds(message, "token"))
        return TIKTOK_TOKEN;
    if (code == CODE_PARAMETER && sp_text_holds(message, "timestamp"))
        return TIKTOK_LATER;
    return status == 429 || status == 408 || status >= 500 ? TIKTOK_LATER : TIKTOK_REFUSED;
}

struct tiktok_answer tiktok_read_answer(int status, struct sp_text body, struct sp_arena *arena)
{
    enum { CODE, MESSAGE, REQUEST_ID, DATA, MEMBERS };
    static const char *const names[MEMBERS] = {"code", "message", "request_id", "data"};
    struct tiktok_answer answer = {.outcome = TIKTOK_LATER, .busy = status == 429};
    struct sp_json root, value[MEMBERS];
    if (sp_json_parse(body, &root, NULL) != SP_OK || root.kind != SP_JSON_OBJECT) {
        /* A page of a proxy in between: whatever its status, not an answer to the question. */
        answer.message = SP_TEXT("NOT_JSON");
        return answer;
    }
    sp_json_members(root, names, MEMBERS, value);
    answer.code = sp_json_int(value[CODE], -1);
    answer.message = sp_text_fit(sp_json_text(value[MESSAGE], arena), MESSAGE_MAX, arena);
    answer.request_id = sp_text_fit(sp_json_text(value[REQUEST_ID], arena), REQUEST_ID_MAX, arena);
    if (answer.code == 0 && status >= 200 && status < 300) {
        answer.outcome = TIKTOK_DONE;
        answer.data = value[DATA];
        return answer;
    }
    answer.outcome = outcome_of(status, answer.code, answer.message);
    answer.busy = status == 429 || answer.code == CODE_BUSY || answer.code == CODE_BUSY_DEVELOPMENT;
    answer.foreign_shop = answer.code == CODE_FOREIGN_SHOP;
    return answer;
}

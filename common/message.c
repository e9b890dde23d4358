#include "common/message.h"

const struct sp_message *sp_message_find(struct sp_text type)
{
    for (size_t i = 0; sp_messages[i] != NULL; i++) {
        if (sp_text_is(type, sp_messages[i]->type))
            return sp_messages[i];
    }
    return NULL;
}

bool sp_message_may_send(const struct sp_message *message, struct sp_text service)
{
    return sp_text_is(service, message->from) || sp_text_is(SP_TEXT("*"), message->from);
}

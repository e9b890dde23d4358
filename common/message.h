/* How messages are described, packed and read.  The tables come from proto/<name>.schema; this is
 * the one encoder and the one decoder that serve all of them.
 *
 * On the wire a message is a msgpack map from small integer keys to values.  Unknown keys are
 * skipped, absent ones are zero or empty, zero and empty values are not written.  The body of a
 * parcel is a msgpack array of messages of one type. */
#ifndef SAMPAN_MESSAGE_H
#define SAMPAN_MESSAGE_H

#include "common/arena.h"
#include "common/base.h"
#include "common/buffer.h"

enum sp_message_limits {
    SP_PARCEL_MESSAGES = 256,       /* messages in one parcel, at most */
    SP_PARCEL_BYTES = 256 * 1024,   /* and bytes; a single larger message travels alone */
    SP_MESSAGE_BYTES = 1024 * 1024, /* one message, at most */
    SP_MESSAGE_DEPTH = 8,           /* lists within lists */
    SP_KEY_BYTES = 96,              /* a message's key */
    SP_TRACE_BYTES = 16,
};

/* Fields 1 to 5 of every message; the first member of every generated struct. */
struct sp_head {
    uint8_t trace[SP_TRACE_BYTES]; /* 1: random; the same along the whole chain of one cause */
    int64_t emitted_us;            /* 2: by the emitter's database clock, microseconds since 1970 */
    int64_t account_id;            /* 3: the tenant */
    struct sp_text key;            /* 4: what the fact is about, unique within account and type */
    int64_t rev;                   /* 5: higher is newer; equal is the same fact */
};

enum sp_kind {
    SP_INT,    /* int64_t */
    SP_BOOL,   /* bool */
    SP_STRING, /* struct sp_text, UTF-8 without control characters other than \n \t */
    SP_BYTES,  /* struct sp_text */
    SP_FIXED,  /* uint8_t[max]: exactly `max` bytes, or absent when all zero */
    SP_LIST,   /* two members: `T *name` and, at count_offset, `size_t name_count` */
};

struct sp_field {
    uint8_t number; /* 1 to 127; never used again once given up */
    uint8_t kind;   /* enum sp_kind */
    uint16_t offset;
    uint16_t count_offset;          /* SP_LIST only */
    uint32_t max;                   /* bytes of a text, elements of a list; for SP_INT unused */
    const struct sp_record *record; /* SP_LIST only: what the elements are */
    const char *name;
};

/* A struct and its fields, ordered by number. */
struct sp_record {
    const char *name;
    size_t size; /* of the C struct */
    size_t field_count;
    const struct sp_field *fields;
};

/* A message type: a record that begins with struct sp_head and has a place on the bus. */
struct sp_message {
    const char *type;      /* "order.recorded" */
    const char *from;      /* the one service that may send it; "*" for any */
    const char *const *to; /* its receivers, NULL-terminated */
    size_t max_bytes;      /* one packed message */
    const struct sp_record *record;
};

/* Appends one message.  SP_REJECT when a value breaks a limit of the schema; nothing is appended
 * then. */
enum sp_result sp_message_encode(const struct sp_message *message, const void *value,
                                 struct sp_buffer *out, struct sp_error *err) SP_MUST_USE;

/* Reads one message from the front of `*in` and moves `*in` behind it.  `value` must hold
 * record->size zeroed bytes; texts point into the input, lists are allocated in the arena.
 * SP_REJECT: the bytes are not msgpack, or a value breaks a limit.  When only a limit is broken,
 * `*in` has moved behind the message all the same, so the next one can be read; when the bytes are
 * not msgpack, in->size is 0. */
enum sp_result sp_message_decode(const struct sp_message *message, struct sp_text *in, void *value,
                                 struct sp_arena *arena, struct sp_error *err) SP_MUST_USE;

/* The header of a parcel's body: how many messages follow. */
void sp_parcel_begin(struct sp_buffer *out, size_t count);
enum sp_result sp_parcel_open(struct sp_text *in, size_t *count, struct sp_error *err) SP_MUST_USE;

/* A record that is not a message (the frames of an ask): the same form without a head. */
enum sp_result sp_record_encode(const struct sp_record *record, const void *value,
                                struct sp_buffer *out, struct sp_error *err) SP_MUST_USE;
enum sp_result sp_record_decode(const struct sp_record *record, struct sp_text *in, void *value,
                                struct sp_arena *arena, struct sp_error *err) SP_MUST_USE;

/* Every message of proto/, NULL-terminated (generated), and the one of a type or NULL. */
extern const struct sp_message *const sp_messages[];
const struct sp_message *sp_message_find(struct sp_text type);
bool sp_message_may_send(const struct sp_message *message, struct sp_text service);

#endif

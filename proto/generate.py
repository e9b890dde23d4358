"""Writes the C structs and tables of proto/*.schema: generate.py OUTPUT_DIRECTORY FILE…

The form of a schema is described in docs/adding-a-message.md.  Whatever is wrong with one is said with its
file and line, and nothing is written then.
"""
import pathlib
import re
import sys

SERVICES = {"gateway", "connector", "order-ingest", "product-mapper", "inventory", "placement"}
HIGHEST_NUMBER = 127  # one byte on the wire
FIRST_OF_MESSAGE = 6  # 1 to 5 are the head's
MOST_FIELDS = 64  # the encoder keeps a record's present fields in one word
MOST_DEPTH = 8  # SP_MESSAGE_DEPTH
MOST_MESSAGE_BYTES = 1024 * 1024  # SP_MESSAGE_BYTES
MOST_LIMIT = 2**32 - 1
C_TYPES = {"int": "int64_t", "bool": "bool", "string": "struct sp_text", "bytes": "struct sp_text"}
LIMITED = {"string", "bytes", "fixed"}
KEYWORDS = set(
    "auto break case char const continue default do double else enum extern float for goto if inline int long "
    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile "
    "while bool true false asm head".split())
HEAD = [  # number, kind, member, limit, name: struct sp_head in common/message.h
    (1, "SP_FIXED", "head.trace", "SP_TRACE_BYTES", "trace"),
    (2, "SP_INT", "head.emitted_us", "0", "emitted_us"),
    (3, "SP_INT", "head.account_id", "0", "account_id"),
    (4, "SP_STRING", "head.key", "SP_KEY_BYTES", "key"),
    (5, "SP_INT", "head.rev", "0", "rev"),
]


class Wrong(Exception):
    """Something a schema may not say."""


class Field:
    """One line of a record: `number name type [limit] [# meaning]`."""

    def __init__(self, number, name, meaning, where):
        self.number, self.name, self.meaning, self.where = number, name, meaning, where
        self.kind, self.limit, self.element = "", 0, ""


class Record:
    """A record, or a message when it has a place on the bus (`sender`, `receivers`, `limit`)."""

    def __init__(self, name, about, where):
        self.name, self.about, self.where = name, about, where
        self.id = name.replace(".", "_")
        self.fields, self.gone = [], set()
        self.sender, self.receivers, self.limit = "", [], 0

    def is_message(self):
        return bool(self.sender)


def fail(where, text):
    raise Wrong(f"{where}: {text}")


def number_of(word, where, what):
    match = re.fullmatch(r"(\d+)(KiB|MiB)?", word)
    if not match:
        fail(where, f"{what} must be a number, not “{word}”")
    return int(match[1]) * {None: 1, "KiB": 1024, "MiB": 1024 * 1024}[match[2]]


def check_name(name, where, pattern):
    if not re.fullmatch(pattern, name):
        fail(where, f"“{name}” is no name: small letters, digits and _, at most 48")
    if name in KEYWORDS:
        fail(where, f"“{name}” cannot be a name in C")


def parse_service(name, where, also=()):
    if name not in SERVICES and name not in also:
        fail(where, f"no service is called “{name}”")
    return name


def parse_message(words, about, where):
    if len(words) < 8 or words[2] != "from" or words[4] != "to" or words[-2] != "limit":
        fail(where, "a message reads: message NAME from SERVICE to SERVICE… limit SIZE")
    check_name(words[1], where, r"(?=.{1,48}$)[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
    message = Record(words[1], about, where)
    message.sender = parse_service(words[3], where, ("*",))
    message.receivers = [parse_service(word, where) for word in words[5:-2]]
    if len(set(message.receivers)) != len(message.receivers):
        fail(where, f"{message.name} names a receiver twice")
    message.limit = number_of(words[-1], where, "the limit")
    if not 1 <= message.limit <= MOST_MESSAGE_BYTES:
        fail(where, f"the limit of {message.name} must be 1 to {MOST_MESSAGE_BYTES} bytes")
    return message


def parse_record(words, about, where):
    if len(words) != 2:
        fail(where, "a record reads: record NAME")
    check_name(words[1], where, r"[a-z][a-z0-9_]{0,47}")
    return Record(words[1], about, where)


def parse_type(field, words):
    kind, rest = words[0], words[1:]
    field.kind = kind
    if kind == "list":
        if len(rest) != 2:
            fail(field.where, f"{field.name}: a list reads: list RECORD LIMIT")
        field.element, rest = rest[0], rest[1:]
    elif kind in LIMITED:
        if len(rest) != 1:
            fail(field.where, f"{field.name}: a {kind} needs its limit: {kind} BYTES")
    elif kind not in C_TYPES:
        fail(field.where, f"{field.name}: no type is called “{kind}”")
    elif rest:
        fail(field.where, f"{field.name}: {kind} has no limit")
    if rest:
        field.limit = number_of(rest[0], field.where, f"the limit of {field.name}")
        if not 1 <= field.limit <= MOST_LIMIT:
            fail(field.where, f"{field.name}: the limit must be 1 to {MOST_LIMIT}")


def check_number(record, number, where):
    if not 1 <= number <= HIGHEST_NUMBER:
        fail(where, f"number {number} is outside 1 to {HIGHEST_NUMBER}")
    if record.is_message() and number < FIRST_OF_MESSAGE:
        fail(where, f"number {number} is the head's; a message's own begin at {FIRST_OF_MESSAGE}")


def members(field):
    return {field.name, f"{field.name}_count"} if field.kind == "list" else {field.name}


def parse_field(record, words, meaning, where):
    if len(words) < 3:
        fail(where, "a field reads: NUMBER NAME TYPE")
    number = number_of(words[0], where, "a field's number")
    check_number(record, number, where)
    if number in record.gone:
        fail(where, f"number {number} of {record.name} is gone and must not be used again")
    for other in record.fields:
        if other.number == number:
            fail(where, f"number {number} is taken by {other.name} at {other.where}")
    if record.fields and record.fields[-1].number > number:
        fail(where, f"number {number} stands after {record.fields[-1].number}: keep them in order")
    check_name(words[1], where, r"[a-z][a-z0-9_]{0,47}")
    field = Field(number, words[1], meaning, where)
    parse_type(field, words[2:])
    for other in record.fields:
        if members(field) & members(other):
            fail(where, f"{record.name} has {field.name} already, at {other.where}")
    record.fields.append(field)


def parse_gone(record, words, where):
    for word in words[1:]:
        number = number_of(word, where, "a number that is gone")
        check_number(record, number, where)
        for field in record.fields:
            if field.number == number:
                fail(field.where, f"number {number} of {record.name} is gone and must not be used again")
        record.gone.add(number)


def parse_file(path):
    records, about = [], []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path}:{at}"
        code, _, comment = line.partition("#")
        words, comment = code.split(), comment.strip()
        if not words:
            about = about + [comment] if comment else []
        elif words[0] in ("message", "record"):
            parse = parse_message if words[0] == "message" else parse_record
            records.append(parse(words, " ".join(about), where))
        elif not records:
            fail(where, "a field before the first message or record")
        elif words[0] == "gone":
            parse_gone(records[-1], words, where)
        else:
            parse_field(records[-1], words, comment, where)
        if words:
            about = []
    return records


def check_depth(record, by_name, above):
    if record.name in above:
        fail(record.where, f"{record.name} holds itself: {' > '.join(above)}")
    if len(above) > MOST_DEPTH:
        fail(record.where, f"lists within lists deeper than {MOST_DEPTH}: {' > '.join(above)}")
    for field in record.fields:
        if field.kind != "list":
            continue
        element = by_name.get(field.element)
        if element is None or element.is_message():
            fail(field.where, f"{field.name}: no record is called “{field.element}”")
        check_depth(element, by_name, above + [record.name])


def check_all(records):
    by_name, by_id = {}, {}
    for record in records:
        if record.id in by_id:
            fail(record.where, f"{record.name} is described already, at {by_id[record.id].where}")
        by_name[record.name] = by_id[record.id] = record
        if not record.fields:
            fail(record.where, f"{record.name} has no fields")
        if len(record.fields) + (len(HEAD) if record.is_message() else 0) > MOST_FIELDS:
            fail(record.where, f"{record.name} has more than {MOST_FIELDS} fields")
    for record in records:
        check_depth(record, by_name, [])


def in_order(records):
    """Records before those that hold them."""
    by_name = {record.name: record for record in records}
    done = {}

    def put(record):
        for field in record.fields:
            if field.kind == "list":
                put(by_name[field.element])
        done.setdefault(record.name, record)

    for record in records:
        put(record)
    return list(done.values())


def comment(text):
    return f"/* {text.replace('*/', '* /').replace('/*', '/ *')} */" if text else ""


def c_member(field):
    """The member's declarations, and its comment: one line of meaning and the limit."""
    limit = {"string": f"at most {field.limit} bytes", "bytes": f"at most {field.limit} bytes, not text",
             "fixed": "all zero: none", "list": f"at most {field.limit}"}.get(field.kind, "")
    said = comment("; ".join(part for part in (field.meaning, limit) if part))
    if field.kind == "list":
        return [f"const struct {field.element} *{field.name}; {said}", f"size_t {field.name}_count;"]
    if field.kind == "fixed":
        return [f"uint8_t {field.name}[{field.limit}]; {said}"]
    return [f"{C_TYPES[field.kind]} {field.name}; {said}".rstrip()]


def c_struct(record):
    lines = []
    about = record.about
    if record.is_message():
        about = f"{record.name}, {record.sender} to {', '.join(record.receivers)}. {about}".strip()
    if about:
        lines.append(comment(about))
    lines.append(f"struct {record.id} {{")
    if record.is_message():
        lines.append("    struct sp_head head;")
    for field in record.fields:
        lines += ["    " + line for line in c_member(field)]
    lines.append("};")
    what, table = ("message", f"{record.id}_message") if record.is_message() else ("record", f"{record.id}_record")
    return lines + [f"extern const struct sp_{what} {table};", ""]


def c_header(records, sources):
    lines = [f"/* The structs of all messages.  Written by proto/generate.py from {', '.join(sources)}. */",
             "#ifndef SAMPAN_PROTO_MESSAGES_H", "#define SAMPAN_PROTO_MESSAGES_H", "",
             '#include "common/message.h"', ""]
    for record in records:
        lines += c_struct(record)
    return "\n".join(lines + ["#endif", ""])


def c_fields(record):
    struct = f"struct {record.id}"
    lines = [f"static const struct sp_field {record.id}_fields[] = {{"]
    for number, kind, member, limit, name in HEAD if record.is_message() else []:
        lines.append(f'    {{{number}, {kind}, offsetof({struct}, {member}), 0, {limit}, NULL, "{name}"}},')
    for field in record.fields:
        count, element = "0", "NULL"
        if field.kind == "list":
            count, element = f"offsetof({struct}, {field.name}_count)", f"&{field.element}_record"
        lines.append(f"    {{{field.number}, SP_{field.kind.upper()}, offsetof({struct}, {field.name}), {count}, "
                     f'{field.limit}, {element}, "{field.name}"}},')
    return lines + ["};"]


def c_tables(record):
    own = f"{record.id}_record"
    lines = c_fields(record)
    lines.append(f"{'static ' if record.is_message() else ''}const struct sp_record {own} = {{")
    lines.append(f'    "{record.name}", sizeof(struct {record.id}), SP_COUNT({record.id}_fields), {record.id}_fields}};')
    if record.is_message():
        receivers = ", ".join(f'"{name}"' for name in record.receivers)
        lines += [f"static const char *const {record.id}_to[] = {{{receivers}, NULL}};",
                  f"const struct sp_message {record.id}_message = {{",
                  f'    "{record.name}", "{record.sender}", {record.id}_to, {record.limit}, &{own}}};']
    return lines + [""]


def c_source(records):
    lines = ["/* The tables of all messages.  Written by proto/generate.py. */", '#include "proto/messages.h"', ""]
    for record in records:
        lines += c_tables(record)
    lines.append("const struct sp_message *const sp_messages[] = {")
    lines += [f"    &{record.id}_message," for record in records if record.is_message()]
    return "\n".join(lines + ["    NULL,", "};", ""])


def main():
    output, files = pathlib.Path(sys.argv[1]), sorted(map(pathlib.Path, sys.argv[2:]))
    try:
        records = [record for file in files for record in parse_file(file)]
        check_all(records)
    except Wrong as wrong:
        sys.exit(str(wrong))
    records = in_order(records)
    output.mkdir(parents=True, exist_ok=True)
    (output / "messages.h").write_text(c_header(records, [file.name for file in files]), encoding="utf-8")
    (output / "messages.c").write_text(c_source(records), encoding="utf-8")


if __name__ == "__main__":
    main()

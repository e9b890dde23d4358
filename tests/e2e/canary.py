"""Looks for words where they must not be: in every table of every database, in logs, metrics and answers."""
import urllib.request

from edge_rig import SERVICES

# One question for all rows of all tables: each as a line, with its table's name in front.
EVERYTHING = ("SELECT string_agg(format('SELECT %L || to_jsonb(t)::text FROM %I.%I t', table_name || ': ', table_schema, "
              "table_name), ' UNION ALL ') FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
              "AND table_schema NOT IN ('pg_catalog', 'information_schema')")


def forms_of(words):
    """As they are, and as bytes show in a row that is written as text."""
    return {form.lower() for word in words for form in (word, word.encode().hex())}


def found_in(text, words):
    lowered = text.lower()
    return sorted(form for form in forms_of(words) if form in lowered)


def in_databases(rig, words):
    for service in SERVICES:
        database = rig.database_of(service)
        rows = rig.psql(rig.psql(EVERYTHING, database), database)
        if not found_in(rows, words):
            continue
        for row in rows.splitlines():
            for form in found_in(row, words):
                yield f"{service}: {row.split(':')[0]}: {form}"


def in_logs(rig, words):
    """Those of our programs: the marketplace may know its buyers."""
    for path in sorted(rig.path.glob("*.out")):
        if path.stem != "sandbox":
            for form in found_in(path.read_text(errors="replace"), words):
                yield f"{path.name}: {form}"


def in_metrics(rig, words):
    for name, port in rig.admin.items():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            for form in found_in(answer.read().decode(), words):
                yield f"{name} /metrics: {form}"


def in_answers(rig, words, paths):
    for path in paths:
        text = rig.hub.call("GET", "/api/v1" + path, None, {"Cookie": rig.hub.cookie}).decode()
        for form in found_in(text, words):
            yield f"{path}: {form}"

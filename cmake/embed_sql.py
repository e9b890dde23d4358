"""Writes SQL files into a C table: embed_sql.py NAME OUTPUT FILE…, in the order of their names."""
import pathlib
import sys


def c_string(text):
    lines = text.splitlines(keepends=True) or [""]
    escape = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "", "?": "\\?"}
    return "\n".join('        "' + "".join(escape.get(c, c) for c in line) + '"' for line in lines)


def main():
    name, output, files = sys.argv[1], pathlib.Path(sys.argv[2]), sorted(map(pathlib.Path, sys.argv[3:]))
    parts = ['#include "common/service.h"\n', '#pragma GCC diagnostic ignored "-Woverlength-strings"\n',
             f"extern const struct sp_migration {name}[];\n",
             f"const struct sp_migration {name}[] = {{"]
    for file in files:
        text = file.read_text(encoding="utf-8")
        if len(text) > 60_000:
            sys.exit(f"{file}: over 60,000 characters; split it")
        parts.append(f'    {{"{file.stem}",\n{c_string(text)}}},')
    parts.append("    {0},\n};\n")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n".join(parts), encoding="utf-8")


main()

"""Writes files into a C file, each as an array of its bytes: embed_text.py OUTPUT NAME=FILE…"""
import pathlib
import sys


def main():
    output = pathlib.Path(sys.argv[1])
    parts = ["#include <stddef.h>"]
    for pair in sys.argv[2:]:
        name, file = pair.split("=", 1)
        data = pathlib.Path(file).read_bytes()
        rows = "\n".join("    " + " ".join(f"'\\x{byte:02x}'," for byte in data[at : at + 16]) for at in range(0, len(data), 16))
        parts.append(f"extern const char {name}[];\nextern const size_t {name}_size;\n"
                     f"const char {name}[] = {{\n{rows}\n}};\nconst size_t {name}_size = sizeof {name};")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n".join(parts) + "\n", encoding="utf-8")


main()

"""Writes the first inputs of the fuzz targets from the golden bytes: seeds.py FOLDER GOLDEN…"""
import pathlib
import sys


def main():
    folder, files = pathlib.Path(sys.argv[1]), map(pathlib.Path, sys.argv[2:])
    for name in ("message", "parcel", "json", "webhook", "answer"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for file in files:
        record, _, number = file.stem.rpartition(".")
        golden = bytes.fromhex(file.read_text(encoding="ascii"))
        start = record.encode() + b"\n"
        (folder / "message" / f"{record}.{number}").write_bytes(start + golden)
        (folder / "parcel" / f"{record}.{number}").write_bytes(start + b"\x93" + 3 * golden)
    (folder / "seeds").write_text("written\n", encoding="ascii")


main()

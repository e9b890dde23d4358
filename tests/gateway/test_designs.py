"""Print files through the real gateway: streamed to disk, checked by content, known to product-mapper, given back.
Covers: design.c, design_give.c, design_preview.c, design_sweep.c."""
import hashlib
import http.client
import itertools
import os
import pathlib
import signal
import time
import urllib.parse
import zlib

from edge_rig import Answer, Rig, cookie_of, expect, run, same, says, wait_until
from png_file import chunk, header, png as picture_of, shown

KEYS = itertools.count(1)
MOST = 50 * 1024 * 1024
MEMORY = 40 * 1024 * 1024  # what the gateway may grow by while a file passes


def png(size=0, seed=b""):
    """A picture of 64 × 64 with as many bytes as wanted: the rest is a chunk that nobody reads."""
    head = header(64, 64, 8, 2)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 64 * (64 * 3 + 1))) + chunk(b"IEND", b"")
    return head + chunk(b"tEXt", seed + b"x" * max(0, size - len(head) - len(pixels) - 12 - len(seed))) + pixels


class Designs(Rig):
    def own_settings(self, service):
        told = super().own_settings(service)
        if service != "gateway":
            return told
        (self.path / "designs").mkdir(exist_ok=True)
        return {**told, "SAMPAN_DESIGN_DIR": str(self.path / "designs")}

    def files(self):
        return [path for path in (self.path / "designs").rglob("*") if path.is_file() and ".preview." not in path.name]

    def beside(self, design):
        """What stands beside a design: ends and contents."""
        found = (self.path / "designs").rglob(f"{design}.preview.*")
        return {path.name.split(".", 1)[1]: path.read_bytes() for path in found}


def upload(rig, state, content, name="front A-1.png", cookie=None):
    headers = {"Idempotency-Key": f"k{next(KEYS)}", "Content-Type": "application/octet-stream"}
    return rig.ask("POST", "/api/v1/designs?name=" + urllib.parse.quote(name), content, headers,
                   state["cookie"] if cookie is None else cookie)


def send(rig, state, path, body):
    return rig.ask("POST", "/api/v1" + path, body, {"Idempotency-Key": f"k{next(KEYS)}"}, state["cookie"])


def raw(rig, state, path):
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=20)
    connection.request("GET", "/api/v1" + path, headers={"Cookie": "sampan=" + state["cookie"]})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def memory(rig):
    status = pathlib.Path(f"/proc/{rig.processes['gateway'].pid}/status").read_text()
    anonymous = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(anonymous.split()[1]) * 1024


def a_file_is_stored_once_and_given_back(rig, state):
    state["cookie"] = cookie_of(rig.set_up())
    content = png(1000)
    wait_until("product-mapper answers", lambda: upload(rig, state, content).status == 200)
    answer = upload(rig, state, content, "other name.png").json
    state["id"] = answer["id"]
    same(answer["id"], hashlib.sha256(content).hexdigest())
    same((answer["name"], answer["kind"], answer["width"], answer["bytes"]), ("front A-1.png", "PNG", 64, len(content)))
    same(len(rig.files()), 1)
    given, back = raw(rig, state, f"/designs/{answer['id']}/file")
    same((given.status, given.headers["Content-Type"], back), (200, "image/png", content))
    same([one["id"] for one in rig.ask("GET", "/api/v1/designs", cookie=state["cookie"]).json["items"]], [answer["id"]])


def what_is_no_print_file_is_refused_and_leaves_nothing(rig, state):
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", png(1000)[:-1], b""):
        says(upload(rig, state, content), 422, "FILE_BAD")
    says(upload(rig, state, png(1000), "x" * 256), 422, "DESIGN_BAD")
    same(len(rig.files()), 1)


def only_who_may_puts_in_and_takes_out(rig, state):
    same(upload(rig, state, png(1000), cookie="nobody").status, 401)
    for path in (f"/designs/{state['id']}/file", f"/designs/{state['id']}/preview"):
        same(rig.ask("GET", "/api/v1" + path).status, 401)
    for strange in ("0" * 64, "..%2F..%2Fsecret.txt", state["id"][:-1]):
        same(raw(rig, state, f"/designs/{strange}/file")[0].status, 404)


def begin_upload(rig, size, cookie, first=b"x" * 1000):
    """The headers, and a first part of the body."""
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=20)
    connection.putrequest("POST", "/api/v1/designs?name=half.png")
    for name, value in (("Cookie", "sampan=" + cookie), ("Content-Length", str(size)),
                        ("Idempotency-Key", f"k{next(KEYS)}")):
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(first)
    return connection


def spooled(rig):
    """Files without a name that the gateway has open."""
    folder = pathlib.Path(f"/proc/{rig.processes['gateway'].pid}/fd")
    return [link for link in (os.readlink(one) for one in folder.iterdir()) if "/designs/" in link and "deleted" in link]


def nothing_of_a_stranger_comes_to_the_disk(rig, state):
    for cookie in ("nobody", "A" * 43):
        connection = begin_upload(rig, MOST, cookie)
        says(Answer(connection.getresponse()), 401, "SIGNED_OUT")  # not having read it
        connection.close()
        connection = begin_upload(rig, 2000, cookie)
        time.sleep(0.5)
        same(spooled(rig), [])
        connection.send(b"x" * 1000)
        says(Answer(connection.getresponse()), 401, "SIGNED_OUT")
        connection.close()
    time.sleep(5.1)  # a session that must be looked up again
    connection = begin_upload(rig, 2000, state["cookie"])
    wait_until("a file for it", lambda: len(spooled(rig)) == 1)
    connection.close()
    wait_until("nothing of it", lambda: not spooled(rig))


def fifty_mebibytes_pass_without_being_held_in_memory(rig, state):
    upload(rig, state, png(2 * 1024 * 1024))
    before = memory(rig)
    content = png(MOST)
    same(len(content), MOST)
    began = time.monotonic()
    answer = upload(rig, state, content, "poster.png")
    print(f"# 50 MiB in {time.monotonic() - began:.1f} s; the gateway grew by {(memory(rig) - before) / 1048576:.1f} MiB")
    same(answer.status, 200)
    expect(memory(rig) - before < MEMORY, f"{memory(rig) - before} bytes")
    try:
        same(upload(rig, state, content + b"x").status, 413)
    except (ConnectionError, http.client.HTTPException):
        pass  # refused before it was sent
    same(len(rig.files()), 3)


def a_small_picture_is_made_of_it_once(rig, state):
    path = f"/designs/{state['id']}/preview"
    given, picture = raw(rig, state, path)
    same((given.status, given.headers["Content-Type"], shown(picture)[:2]), (200, "image/png", (64, 64)))
    same(rig.beside(state["id"]), {"preview.png": picture})
    large = upload(rig, state, picture_of(1200, 900, lambda x, y: b"\xff\0\0\xff"), "large.png").json["id"]
    same(shown(raw(rig, state, f"/designs/{large}/preview")[1])[:2], (256, 192))
    for path in (rig.path / "designs").rglob(f"{large}.preview.png"):
        path.unlink()  # as if the gateway had died before it was made
    same(shown(raw(rig, state, f"/designs/{large}/preview")[1])[:2], (256, 192))
    same(list(rig.beside(large)), ["preview.png"])


def where_there_is_none_the_reason_is_kept(rig, state):
    junk = header(64, 64) + chunk(b"IDAT", b"no pixels") + chunk(b"IEND", b"")
    bomb = header(30000, 30000, 1, 0) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    for content, reason in ((junk, "PREVIEW_BROKEN"), (bomb, "PREVIEW_TOO_LARGE")):
        answer = upload(rig, state, content)
        same(answer.status, 200)
        for _ in range(2):
            says(rig.ask("GET", f"/api/v1/designs/{answer.json['id']}/preview", cookie=state["cookie"]), 404, reason)
        same(rig.beside(answer.json["id"]), {"preview.none": reason.encode()})
    pdf = upload(rig, state, b"%PDF-1.7\nstartxref\n9\n%%EOF\n", "sheet.pdf").json["id"]
    says(rig.ask("GET", f"/api/v1/designs/{pdf}/preview", cookie=state["cookie"]), 404, "NOT_FOUND")


def a_gateway_that_dies_leaves_no_half_file(rig, state):
    """Killed while the body is on its way, again and again: what has a name is whole."""
    before = {path.name for path in rig.files()}
    content = png(8 * 1024 * 1024, b"half")
    for part in (1, 2, 3):
        connection = begin_upload(rig, len(content), state["cookie"], content[:len(content) * part // 4])
        rig.stop("gateway", signal.SIGKILL)
        connection.close()
        same({path.name for path in rig.files()}, before)
        rig.start("gateway")
    same(upload(rig, state, content, "half.png").status, 200)
    for path in rig.files():
        same(hashlib.sha256(path.read_bytes()).hexdigest(), path.stem)


def files_that_nobody_knows_are_removed_after_a_day(rig, state):
    """As if the gateway had died between storing one and telling product-mapper."""
    folder = rig.path / "designs" / "1" / "00"
    folder.mkdir(parents=True, exist_ok=True)
    strange, young = folder / ("00" + "a" * 62 + ".png"), folder / ("00" + "b" * 62 + ".png")
    picture = folder / ("00" + "a" * 62 + ".preview.png")
    for path in (strange, young, picture):
        path.write_bytes(png())
    for path in (strange, picture):
        os.utime(path, (1e9, 1e9))
    # Each share has its turn a minute after the other, from 00 on: the gateway has just begun anew.
    wait_until("it is removed", lambda: not strange.exists(), 90)
    wait_until("its picture too", lambda: not picture.exists())
    expect(young.exists(), "an upload may be about to be known")


TESTS = [a_file_is_stored_once_and_given_back, what_is_no_print_file_is_refused_and_leaves_nothing,
         only_who_may_puts_in_and_takes_out, nothing_of_a_stranger_comes_to_the_disk,
         fifty_mebibytes_pass_without_being_held_in_memory, a_small_picture_is_made_of_it_once,
         where_there_is_none_the_reason_is_kept,
         a_gateway_that_dies_leaves_no_half_file, files_that_nobody_knows_are_removed_after_a_day]

if __name__ == "__main__":
    run(TESTS, Designs)

"""Print files in an S3-compatible store: streamed there and back, signed, and never half there.
Covers: design_bucket.c, design_store.c, design_give.c, design_sweep.c."""
import hashlib
import http.client
import os
import signal
import subprocess
import threading

from edge_rig import cookie_of, expect, free_ports, run, same, says, wait_until
from png_file import shown
from s3_store import OLD, Store, Stored
from test_designs import MEMORY, MOST, Designs, memory, png, raw, spooled, upload


class BucketDesigns(Designs):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.store = Store(free_ports(1)[0])
        self.store.open()

    def own_settings(self, service):
        told = super().own_settings(service)
        return {**told, **self.store.settings(self.path)} if service == "gateway" else told

    def said(self):
        return (self.path / "gateway.err").read_text()

    def close(self):
        super().close()
        if self.store.server:
            self.store.close()


def key_of(content, end=".png"):
    digest = hashlib.sha256(content).hexdigest()
    return f"1/{digest[:2]}/{digest}{end}"


def in_share_00(seed):
    """The next to be swept when the gateway begins anew."""
    return next(content for content in (png(200, f"{seed}{n}".encode()) for n in range(100000))
                if hashlib.sha256(content).digest()[0] == 0)


def mistakes_in_settings_are_said_all_at_once(rig, state):
    wrong = {**rig.settings("gateway"), "SAMPAN_DESIGN_S3_ENDPOINT": "minio:9000", "SAMPAN_DESIGN_S3_REGION": "no region"}
    for name in ("SAMPAN_DESIGN_S3_BUCKET", "SAMPAN_DESIGN_S3_SECRET_FILE", "SAMPAN_DESIGN_DIR"):
        del wrong[name]
    done = subprocess.run([rig.programs["gateway"], "run"], env=wrong, capture_output=True, text=True, timeout=20)
    same(done.returncode, 78)
    for name in ("ENDPOINT: \"minio:9000\" is not http", "REGION: \"no region\" is not made of",
                 "BUCKET: must be set, since SAMPAN_DESIGN_S3_ENDPOINT is", "SECRET: must be set"):
        expect(f"SAMPAN_DESIGN_S3_{name}" in done.stderr, done.stderr)
    expect("SAMPAN_DESIGN_DIR: must be set" in done.stderr, done.stderr)
    shown = subprocess.run([rig.programs["gateway"], "config"], env=rig.settings("gateway"), capture_output=True, text=True)
    expect(rig.store.secret not in shown.stdout and "SAMPAN_DESIGN_S3_SECRET=****" in shown.stdout, shown.stdout)


def a_file_goes_to_the_bucket_once_and_comes_back(rig, state):
    state["cookie"] = cookie_of(rig.set_up())
    state["content"] = content = png(3 * 1024 * 1024)  # large enough to be announced (Expect)
    wait_until("product-mapper answers", lambda: upload(rig, state, content).status == 200)
    puts = rig.store.count("PUT")
    answer = upload(rig, state, content, "again.png").json
    state["id"] = answer["id"]
    same(list(rig.store.objects), [key_of(content), key_of(content, ".preview.png")])
    same((puts, rig.store.count("PUT")), (2, 2))
    same(rig.files(), [])
    given, back = raw(rig, state, f"/designs/{answer['id']}/file")
    same((given.status, given.headers["Content-Type"], back == content), (200, "image/png", True))
    same(raw(rig, state, f"/designs/{'0' * 64}/file")[0].status, 404)
    wait_until("nothing is left here", lambda: not spooled(rig))


def parts(rig, state, asked, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=20)
    connection.request("GET", f"/api/v1/designs/{state['id']}/file",
                       headers={"Cookie": "sampan=" + state["cookie"], "Range": asked, **headers})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def a_part_is_asked_of_the_store_alone(rig, state):
    content, whole = state["content"], len(state["content"])
    for asked, first, last in (("bytes=0-9", 0, 9), ("bytes=1000-", 1000, whole - 1), ("bytes=-7", whole - 7, whole - 1),
                               (f"bytes=5-{whole * 2}", 5, whole - 1)):
        answer, part = parts(rig, state, asked)
        same((answer.status, answer.headers["Content-Range"]), (206, f"bytes {first}-{last}/{whole}"))
        expect(part == content[first:last + 1], asked)
        expect(rig.store.calls[-1][3] is not None, "the store gives no more than that")
    answer, part = parts(rig, state, f"bytes={whole}-")
    same((answer.status, answer.headers["Content-Range"]), (416, f"bytes */{whole}"))
    same(parts(rig, state, "bytes=0-1,5-6")[0].status, 200)
    same(parts(rig, state, "bytes=0-1", **{"If-Range": '"other"'})[0].status, 200)
    calls = len(rig.store.calls)
    same(parts(rig, state, "bytes=0-1", **{"If-None-Match": f'"{state["id"]}"'})[0].status, 304)
    same(len(rig.store.calls), calls)


def a_small_picture_is_made_of_it_once(rig, state):
    path, key = f"/designs/{state['id']}/preview", key_of(state["content"], ".preview.png")
    given, picture = raw(rig, state, path)
    same((given.status, shown(picture)[:2], rig.store.objects[key].content), (200, (64, 64), picture))
    del rig.store.objects[key]  # as if the gateway had died before it was made
    same(raw(rig, state, path)[1], picture)
    same(rig.store.objects[key].content, picture)


def what_the_store_refuses_is_in_the_log_in_its_own_words(rig, state):
    for field, value, code in (("secret", "another", "SignatureDoesNotMatch"), ("key_id", "AKIAOTHER", "InvalidAccessKeyId"),
                               ("region", "elsewhere", "AuthorizationHeaderMalformed"), ("bucket", "other", "NoSuchBucket")):
        expect(code not in rig.said(), "not before")
        setattr(rig.store, field, value)
        says(upload(rig, state, png(700, field.encode())), 503, "STORE_AWAY")
        says_so = raw(rig, state, f"/designs/{state['id']}/file")[0]
        same(says_so.status, 503)
        delattr(rig.store, field)
        expect(code in rig.said(), rig.said()[-2000:])
        same(upload(rig, state, png(700, field.encode())).status, 200)


def a_store_that_goes_away_leaves_nothing_half(rig, state):
    content, before = png(4 * 1024 * 1024, b"cut"), set(rig.store.objects)
    rig.store.cut_after = 1024 * 1024
    says(upload(rig, state, content), 503, "STORE_AWAY")
    rig.store.cut_after = None
    same(set(rig.store.objects), before)
    wait_until("nothing is left here", lambda: not spooled(rig))
    rig.store.close()
    says(upload(rig, state, content), 503, "STORE_AWAY")
    same(raw(rig, state, f"/designs/{state['id']}/file")[0].status, 503)
    expect("the store is away" in rig.said(), "the log says so")
    rig.store.open()
    same(upload(rig, state, content).status, 200)
    same(set(rig.store.objects) - before, {key_of(content), key_of(content, ".preview.png")})


def what_is_being_removed_is_not_stored_meanwhile(rig, state):
    content = png(900, b"old and new")
    lease = f"INSERT INTO design_lease VALUES (1, '{hashlib.sha256(content).hexdigest()}', 'REMOVE', now() + interval '1 minute')"
    rig.sql(lease)
    says(upload(rig, state, content), 503, "BEING_REMOVED")
    expect(key_of(content) not in rig.store.objects, "the store was not asked")
    rig.sql("UPDATE design_lease SET until = now()")
    same(upload(rig, state, content).status, 200)


def fifty_mebibytes_pass_both_ways_without_being_held_in_memory(rig, state):
    upload(rig, state, png(2 * 1024 * 1024, b"warm"))
    before, content = memory(rig), png(MOST, b"poster")
    same(upload(rig, state, content).status, 200)
    given, back = raw(rig, state, f"/designs/{hashlib.sha256(content).hexdigest()}/file")
    same((given.status, back == content), (200, True))
    print(f"# 50 MiB there and back; the gateway grew by {(memory(rig) - before) / 1048576:.1f} MiB")
    expect(memory(rig) - before < MEMORY, f"{memory(rig) - before} bytes")


def a_gateway_that_dies_leaves_a_whole_file_or_none(rig, state):
    """Killed when the store has the file and product-mapper has not heard of it: swept in the next test."""
    state["orphan"] = content = in_share_00("orphan")
    state["known"] = in_share_00("known")
    same(upload(rig, state, state["known"]).status, 200)
    rig.store.hold = threading.Event()
    upload_alone = threading.Thread(target=lambda: expect_cut(lambda: upload(rig, state, content)))
    upload_alone.start()
    wait_until("the store has it", lambda: key_of(content) in rig.store.objects)
    rig.stop("gateway", signal.SIGKILL)
    rig.store.hold.set()
    upload_alone.join()
    rig.store.hold = None
    same(rig.store.objects[key_of(content)].content, content)


def expect_cut(work):
    try:
        work()
    except (ConnectionError, http.client.HTTPException):
        return


def what_nobody_knows_is_removed_after_a_day(rig, state):
    digest = hashlib.sha256(state["orphan"]).hexdigest()
    pages = [f"1/00/00{n:062x}{end}" for n in range(300) for end in (".png", ".preview.png")]
    rig.store.objects.update({key: Stored(b"old") for key in pages})  # more than one page, or one question, holds
    for stored in rig.store.objects.values():
        stored.made = OLD
    young = "1/00/00" + "f" * 62 + ".png"
    rig.store.objects[young] = Stored(b"young")
    same(rig.sql(f"SELECT task FROM design_lease WHERE id = '{digest}'"), "KEEP")
    rig.sql("DELETE FROM design_lease")  # as if its quarter of an hour were over
    rig.start("gateway")
    wait_until("it is removed", lambda: key_of(state["orphan"]) not in rig.store.objects, 100)
    wait_until("and all of the pages", lambda: not set(pages) & set(rig.store.objects), 30)
    expect(young in rig.store.objects, "an upload may be about to be known")
    expect(key_of(state["known"]) in rig.store.objects, "product-mapper knows it")
    expect(key_of(state["content"]) in rig.store.objects, "likewise")
    wait_until("no lease is left", lambda: rig.sql("SELECT count(*) FROM design_lease") == "0")
    same(upload(rig, state, state["orphan"]).status, 200)


TESTS = [mistakes_in_settings_are_said_all_at_once, a_file_goes_to_the_bucket_once_and_comes_back,
         a_part_is_asked_of_the_store_alone, a_small_picture_is_made_of_it_once,
         what_the_store_refuses_is_in_the_log_in_its_own_words, a_store_that_goes_away_leaves_nothing_half,
         what_is_being_removed_is_not_stored_meanwhile, fifty_mebibytes_pass_both_ways_without_being_held_in_memory,
         a_gateway_that_dies_leaves_a_whole_file_or_none, what_nobody_knows_is_removed_after_a_day]

if __name__ == "__main__":
    run(TESTS, BucketDesigns)

"""Keys made by deploy/keys/make-keys are CURVE pairs: the public one follows from the secret one."""
import ctypes
import os
import pathlib
import subprocess
import tempfile
import unittest

import tap

MAKE_KEYS = pathlib.Path(__file__).parents[2] / "deploy/keys/make-keys"


class Keys(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, *services):
        subprocess.run([MAKE_KEYS, self.folder, *services], check=True)

    def test_libzmq_derives_the_same_public_key(self):
        libzmq = ctypes.CDLL("libzmq.so.5")
        self.make("a", "b", "c")
        for name in "abc":
            public = ctypes.create_string_buffer(41)
            self.assertEqual(libzmq.zmq_curve_public(public, (self.folder / f"{name}.secret").read_bytes() + b"\0"), 0)
            self.assertEqual(public.value, (self.folder / f"{name}.public").read_bytes())

    def test_keeps_a_pair_that_is_there(self):
        self.make("a")
        before = (self.folder / "a.secret").read_bytes()
        self.make("a", "b")
        self.assertEqual((self.folder / "a.secret").read_bytes(), before)

    def test_makes_a_pair_anew_that_was_cut_short(self):
        self.make("a")
        os.unlink(self.folder / "a.secret")
        self.make("a")
        self.test_libzmq_derives_the_same_public_key()

    def test_secrets_are_for_their_owner_alone(self):
        self.make("a")
        self.assertEqual((self.folder / "a.secret").stat().st_mode & 0o777, 0o400)


if __name__ == "__main__":
    tap.run(__name__)

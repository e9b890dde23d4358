"""What is released is built with the hardening that docs/contributing.md names: seen in objects, not in files of rules."""
import json
import pathlib
import platform
import shlex
import subprocess
import tempfile
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]
# The size that is set is known at run time only: level 3 checks it, level 2 does not.
PROBE = """#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv)
{
    char room[64];
    char *copy = malloc((size_t)argc + 8);
    if (copy == NULL)
        return 1;
    (void)memset(copy, argv[0][0], strlen(argv[0]));
    (void)memcpy(room, copy, (size_t)argc);
    int first = room[0];
    free(copy);
    return first;
}
"""


def run(*words, cwd=None):
    return subprocess.run(words, cwd=cwd, check=True, capture_output=True, text=True).stdout


class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A small program, compiled as the release compiles one of its files."""
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        build = pathlib.Path(cls.folder.name)
        run("cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DSAMPAN_TESTS=OFF")
        commands = json.loads((build / "compile_commands.json").read_text())
        cls.words = next(shlex.split(one["command"]) for one in commands if one["file"].endswith("common/base.c"))
        flags = [word for word in cls.words[1:] if word.startswith(("-O", "-f", "-D_FORT", "-U_FORT"))]
        (build / "probe.c").write_text(PROBE)
        run(cls.words[0], *flags, "-c", "probe.c", "-o", "probe.o", cwd=build)
        cls.symbols = run("readelf", "-sW", build / "probe.o")
        cls.notes = run("readelf", "-nW", build / "probe.o")
        cls.links = (build / "build.ninja").read_text()

    def test_sizes_known_at_run_time_are_checked(self):
        self.assertIn("__memset_chk", self.symbols)

    def test_stacks_are_guarded(self):
        self.assertIn("__stack_chk_fail", self.symbols)
        self.assertIn("-fstack-clash-protection", self.words)

    @unittest.skipUnless(platform.machine() == "x86_64", "a feature of x86")
    def test_jumps_and_returns_are_guarded(self):
        self.assertRegex(self.notes, r"x86 feature: IBT, SHSTK")

    def test_programs_move_about_and_their_tables_are_read_only(self):
        self.assertIn("-fPIE", self.words)
        for flag in ("-pie", "-Wl,-z,relro,-z,now"):
            self.assertIn(flag, self.links)


if __name__ == "__main__":
    tap.run(__name__)

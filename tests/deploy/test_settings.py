"""docs/operators.md names every setting that a program reads, and none that no program reads."""
import pathlib
import re
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]
GUIDE = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
TABLE_ROW = re.compile(r'\{\s*(?:\.name = )?"(SAMPAN_[A-Z_]+)",\s*(?:\.kind = )?SP_SETTING_')
ELSEWHERE = {"SAMPAN_PEER_"}  # one row of the guide stands for all of them


def settings_of_programs():
    sources = [ROOT / "common/process.c", *(ROOT / "services").glob("*/*.c")]
    return {name for source in sources for name in TABLE_ROW.findall(source.read_text(encoding="utf-8"))}


class Settings(unittest.TestCase):
    def test_finds_the_tables(self):
        found = settings_of_programs()
        self.assertIn("SAMPAN_DATABASE_URL", found)
        self.assertIn("SAMPAN_HTTP_BIND", found)
        self.assertIn("SAMPAN_TIKTOK_APP_KEY", found)

    def test_the_guide_names_every_setting(self):
        missing = {name for name in settings_of_programs()
                   if name not in GUIDE and not any(name.startswith(start) for start in ELSEWHERE)}
        self.assertEqual(missing, set())

    def test_the_guide_names_nothing_else(self):
        named = set(re.findall(r"`(SAMPAN_[A-Z_]+)`", GUIDE)) - {"SAMPAN_"}
        self.assertEqual({name for name in named if not name.endswith("_FILE")} - settings_of_programs(), set())


if __name__ == "__main__":
    tap.run(__name__)

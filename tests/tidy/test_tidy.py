"""The tidy test's own test: seeded violations are found, good code passes."""
import pathlib
import tempfile
import unittest

import c_source
import count
import tap
import tidy

GOOD = """/* What it is. */
#include <string.h>

static int add(int a, int b)
{
    if (a > 1) {
        for (;;)
            while (b)
                b--;
    } else if (b > 1)
        return 2;
    return a + b;
}
"""


class TreeCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self, check):
        return list(check(tidy.Tree(self.root)))

    def assert_one(self, check, *parts):
        found = self.found(check)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])


class Functions(TreeCase):
    def test_passes_good_code(self):
        self.put("common/good.c", GOOD)
        for check in tidy.CHECKS:
            if check is not tidy.check_test_partners:
                self.assertEqual(self.found(check), [], check.__doc__)

    def test_finds_a_long_function(self):
        self.put("common/a.c", "int f(void)\n{\n" + "    g();\n" * 59 + "}\n")
        self.assert_one(tidy.check_functions, "common/a.c:2", "61 lines")

    def test_accepts_sixty_lines(self):
        self.put("common/a.c", "int f(void)\n{\n" + "    g();\n" * 58 + "}\n")
        self.assertEqual(self.found(tidy.check_functions), [])

    def test_finds_deep_nesting_with_and_without_braces(self):
        self.put("common/a.c", "int f(int a)\n{\n if (a) for (;;) { while (a) switch (a) { case 1: a--; } }\n return a;\n}\n")
        self.assert_one(tidy.check_functions, "4 levels")

    def test_a_chain_of_else_if_is_one_level(self):
        self.put("common/a.c", "int f(int a)\n{\n" + "if (a == 1) { a = 2; } else " * 9 + "a = 3;\n return a;\n}\n")
        self.assertEqual(self.found(tidy.check_functions), [])

    def test_finds_the_sixth_parameter(self):
        self.put("common/a.c", "int f(int a, int b, int c, int (*d)(int, int), int e, int g)\n{\n}\n")
        self.assert_one(tidy.check_functions, "6 parameters")

    def test_a_callback_has_the_parameters_its_library_wants(self):
        text = "int a;\n/* {} */\nstatic int f(int a, int b, int c,\n    int d, int e, int g)\n{{\n}}\n"
        self.put("common/a.c", text.format("libmicrohttpd's signature."))
        self.assertEqual(self.found(tidy.check_functions), [])
        self.put("common/a.c", text.format("Does it."))
        self.assert_one(tidy.check_functions, "6 parameters")

    def test_dots_are_no_parameter(self):
        self.put("common/a.c", "int f(int a, int b, int c, int d, int e, ...)\n{\n}\n")
        self.assertEqual(self.found(tidy.check_functions), [])

    def test_reads_initialisers_macros_and_strings(self):
        self.put("common/a.c", 'static struct s t[] = {{1, "}{"}, {\'}\'}};\nTest(a, b)\n{\n    g((struct s){1}, "if (");\n}\n')
        functions = c_source.functions_of(tidy.Tree(self.root).tokens["common/a.c"])
        self.assertEqual([(f.name, f.nesting, f.parameters) for f in functions], [("a , b", 0, 0)])

    def test_says_when_it_cannot_read(self):
        self.put("common/a.c", "int f(void)\n{\n    g(;\n}\n")
        self.assert_one(tidy.check_functions, "cannot be read")


class Files(TreeCase):
    def test_finds_a_long_file(self):
        self.put("services/x/a.c", "/* a */\n" * 401)
        self.assert_one(tidy.check_file_lengths, "401 lines")

    def test_finds_a_missing_first_comment(self):
        self.put("common/a.c", "int a;\n")
        self.assert_one(tidy.check_first_lines, "common/a.c")

    def test_a_header_may_speak_for_its_source(self):
        self.put("common/a.c", '#include "common/a.h"\n')
        self.put("common/a.h", "/* What it is. */\n")
        self.assertEqual(self.found(tidy.check_first_lines), [])

    def test_finds_unfinished_work(self):
        self.put("docs/a.md", "fine\nTO" + "DO: more\n")
        self.assert_one(tidy.check_words, "docs/a.md:2")

    def test_finds_a_machine_path(self):
        self.put("docs/a.md", "see /ro" + "ot/x/y\n")
        self.put("docs/b.md", "see /ho" + "me/me/y\n")
        self.assertEqual(len(self.found(tidy.check_machine_paths)), 2)

    def test_leaves_urls_alone(self):
        self.put("docs/a.md", "GET /api/home/x, a/work/b and /worker\n")
        self.assertEqual(self.found(tidy.check_machine_paths), [])


class Places(TreeCase):
    def test_finds_sql_outside_a_store(self):
        self.put("services/x/handlers.c", '/* h */\nconst char *s = "SELECT a "\n    "FROM b";\n')
        self.assert_one(tidy.check_sql, "services/x/handlers.c:2")

    def test_finds_sql_broken_over_two_literals(self):
        self.put("services/x/handlers.c", '/* h */\nconst char *s = "INSERT "\n    "INTO b";\n')
        self.assert_one(tidy.check_sql, "services/x/handlers.c:2")

    def test_leaves_sql_to_stores_and_common(self):
        for name in ("services/x/store.c", "services/x/stock_store.c", "common/outbox.c"):
            self.put(name, '/* s */\n#include <libpq-fe.h>\nconst char *s = "UPDATE a SET b = 1";\n')
        self.assertEqual(self.found(tidy.check_sql), [])

    def test_leaves_prose_alone(self):
        self.put("services/x/handlers.c", '/* h */\nconst char *s = "cannot update the stock; select another";\n')
        self.assertEqual(self.found(tidy.check_sql), [])

    def test_finds_libpq_outside(self):
        self.put("services/x/jobs.c", "/* j */\n#include <libpq-fe.h>\n")
        self.assert_one(tidy.check_sql, "libpq-fe.h")

    def test_finds_io_in_rules(self):
        self.put("services/x/domain.c", '/* d */\n#include "services/x/domain.h"\n#include "common/db.h"\n')
        self.assert_one(tidy.check_domains, "common/db.h")

    def test_finds_a_context_in_rules(self):
        self.put("services/x/domain.h", "/* d */\nint decide(struct sp_ctx *ctx);\n")
        self.assert_one(tidy.check_domains, "sp_ctx")

    def test_finds_a_neighbours_header(self):
        self.put("services/x/jobs.c", '/* j */\n#include "services/y/store.h"\n')
        self.assert_one(tidy.check_services_apart, "services/y/store.h")

    def test_finds_a_forbidden_call(self):
        self.put("common/a.c", "/* a */\nint x(char *p)\n{\n    /* strcpy(p, q) */ strlcpy(p);\n    return ato" "i(p);\n}\n")
        self.assert_one(tidy.check_forbidden_functions, "common/a.c:5")


class Doubles(TreeCase):
    def test_finds_one_in_what_runs_and_none_in_words_or_tests(self):
        self.put("services/x/a.c", "/* no double here */\nint x(void)\n{\n    dou" "ble y = 1;\n    return (int)y;\n}\n")
        self.put("tests/x/test_a.c", "/* t */\ndou" "ble z;\n")
        self.assert_one(tidy.check_doubles, "services/x/a.c:4")


class Partners(TreeCase):
    def test_finds_a_source_without_test(self):
        self.put("services/x/jobs.c", "/* j */\n")
        self.put("services/x/main.c", "/* m */\n")
        self.put("tests/y/test_jobs.c", "/* another module's */\n")
        self.assert_one(tidy.check_test_partners, "tests/x/test_jobs.c")

    def test_accepts_partner_family_and_named_cover(self):
        self.put("common/db.c", "/* */\n")
        self.put("common/db_rows.c", "/* */\n")
        self.put("common/loop.c", "/* */\n")
        self.put("services/x/stock_store.c", "/* */\n")
        self.put("common/zap.c", "/* */\n")
        self.put("tests/common/test_db.c", "/* Rows.  Covers: loop.c,\n * log.c, zap.c */\n")
        self.put("tests/x/test_store.c", "/* */\n")
        self.assertEqual(self.found(tidy.check_test_partners), [])


class Schemas(TreeCase):
    def test_finds_a_message_without_words(self):
        self.put("proto/a.schema", "# A file.\n\nmessage a.b from x to y\n    6 n int\n")
        self.assert_one(tidy.check_schema, "proto/a.schema:3", "without a comment")

    def test_finds_a_number_used_twice_and_the_heads(self):
        self.put("proto/a.schema", "# It.\nmessage a.b from x to y\n    6 n int\n    6 m int\n    3 k int\n")
        self.assertEqual(len(self.found(tidy.check_schema)), 2)


class Count(TreeCase):
    XML = '<testsuite><testcase name="a" status="{}"/><testcase name="b" status="run"/></testsuite>'

    def counted(self, status, tap_text):
        self.put("ctest.xml", self.XML.format(status))
        if tap_text is not None:
            self.put("a.tap", tap_text)
        passed, failed = count.count(self.root)
        return len(passed), len(failed)

    def test_counts_single_tests(self):
        self.assertEqual(self.counted("run", "1..3\nok - s::a\nok - s::b\nok - s::c # SKIP\n"), (3, 0))

    def test_counts_failures(self):
        self.assertEqual(self.counted("fail", "ok - s::a\nnot ok - s::b\n  message ok - no\n"), (2, 1))

    def test_a_program_that_crashed_is_a_failure(self):
        self.assertEqual(self.counted("fail", None), (1, 1))
        self.assertEqual(self.counted("fail", "ok - s::a\n"), (2, 1))

    def test_results_from_elsewhere_count(self):
        self.put("web.tap", "ok 1 - file > shows orders # time=3ms\nnot ok 2 - file > other\n")
        self.assertEqual(self.counted("run", "ok - s::a\n"), (3, 1))

    def test_no_ctest_is_a_failure(self):
        self.assertEqual(len(count.count(self.root)[1]), 1)


if __name__ == "__main__":
    tap.run(__name__)

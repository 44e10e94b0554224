"""The example's catalogue keeps what migrations/README.md asks of every script.

Each script is run in order on a small installation, watched, killed at every one of its lines,
and called again.
"""

import ast
import contextlib
import io
import os
import shutil
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import script_driver

ROOT = Path(__file__).resolve().parents[2]
INKWELL = ROOT / "examples" / "inkwell"
sys.path.insert(0, str(INKWELL))
import content  # noqa: E402
import make_installation  # noqa: E402
import verify_installation  # noqa: E402

SIZES = content.Sizes(notes=16, revisions=400, people=3)
VERSIONS = ("1.1.0", "1.2.0rc1", "1.2.0", "1.2.0.post1", "1.3.0", "1.4.0")
SCRIPTS = [script for version in VERSIONS
           for script in sorted((INKWELL / "migrations" / f"v{version}").glob("*.py"))]
ALREADY_THERE = "003_attachments_directory.py"
WITH_PROGRESS = {"001_front_matter_tags_as_list.py", "001_revision_times_as_unix.py",
                 "002_authors_in_a_table.py", "001_note_ids.py"}


def snapshot(home):
    """Every path with its mode and content, the database by its rows."""
    found = {}
    for path in [home, *home.rglob("*")]:
        name, mode = str(path.relative_to(home)), path.lstat().st_mode
        if name == "inkwell.db":
            with contextlib.closing(sqlite3.connect(str(path))) as db:
                found[name] = mode, list(db.iterdump())
        elif name != "inkwell.db-journal":  # SQLite's own, gone after its next look
            found[name] = mode, path.read_bytes() if path.is_file() else None
    return found


class InkwellTest(unittest.TestCase):
    maxDiff = 2_000

    def setUp(self):
        # In memory where there is some: thousands of fsyncs say nothing there.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        place = tempfile.TemporaryDirectory(prefix="inkwell-", dir=memory)
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)
        self.home = self.place / "home"
        environment = mock.patch.dict(os.environ, INKWELL_HOME=str(self.home))
        environment.start()
        self.addCleanup(environment.stop)
        make_installation.make_installation(self.home, SIZES)

    def call(self, script, phase, watch=None):
        return script_driver.call(script.read_bytes(), phase, watch)

    def check(self, script):
        return self.call(script, "check").value

    def bring_about(self, script):
        """What a run does: check, migrate when it says False, check again."""
        if self.check(script) is False:
            self.assertIs(self.call(script, "migrate").value, True)
        self.assertIs(self.check(script), True)

    def each_script(self):
        """The scripts in order, each with the installation as its predecessors leave it."""
        for script in SCRIPTS:
            yield script
            self.bring_about(script)

    def restore(self, saved):
        shutil.rmtree(self.home)
        shutil.copytree(saved, self.home)

    def save(self, name):
        saved = self.place / name
        shutil.rmtree(saved, ignore_errors=True)
        shutil.copytree(self.home, saved)
        return saved

    def verify(self):
        """The verifier's exit code and words."""
        words = io.StringIO()
        sizes = [word for name, value in SIZES._asdict().items()
                 for word in (f"--{name}", str(value))]
        with mock.patch.object(sys, "argv", ["verify_installation.py", str(self.home), *sizes]), \
                contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
            code = verify_installation.main()
        return code, words.getvalue()


class Catalogue(InkwellTest):

    def test_every_script_runs_on_python_3_8_and_describes_itself_in_one_line(self):
        for script in SCRIPTS:
            with self.subTest(script.name):
                tree = ast.parse(script.read_text(), feature_version=(3, 8))
                self.assertRegex(ast.get_docstring(tree).splitlines()[0], r"^[A-Z].{10,90}[.]$")

    def test_no_script_is_forgotten(self):
        self.assertEqual(sorted(SCRIPTS), sorted((INKWELL / "migrations").glob("v*/*.py")))
        self.assertGreaterEqual(len(SCRIPTS), 12)

    def test_what_scripts_share_is_the_same_in_each(self):
        sources = {}
        for script in SCRIPTS:
            text = script.read_text()
            for node in ast.parse(text).body:
                if getattr(node, "name", "") in ("write_atomically", "sync_directory",
                                                 "make_directory", "connect"):
                    sources.setdefault(node.name, set()).add(ast.get_source_segment(text, node))
        self.assertEqual({name: len(variants) for name, variants in sources.items()},
                         dict.fromkeys(sources, 1))
        manual = (ROOT / "migrations" / "README.md").read_text()
        for name in ("write_atomically", "sync_directory"):
            self.assertIn(*sources[name], manual)


class Order(InkwellTest):

    def test_the_whole_catalogue_makes_a_correct_v1_4_of_a_v1_0(self):
        for _ in self.each_script():
            pass
        self.assertEqual(self.verify(), (0, mock.ANY))

    def test_check_is_false_before_and_true_after_and_changes_nothing(self):
        for script in self.each_script():
            before = snapshot(self.home)
            with self.subTest(script.name):
                self.assertIs(self.check(script), script.name == ALREADY_THERE)
                self.assertEqual(snapshot(self.home), before)

    def test_every_check_is_still_true_at_the_end_of_the_way(self):
        for _ in self.each_script():
            pass
        for script in SCRIPTS:
            with self.subTest(script.name):
                self.assertIs(self.check(script), True)

    def test_long_migrations_report_progress_up_to_the_end(self):
        for script in self.each_script():
            if script.name in WITH_PROGRESS:
                with self.subTest(script.name):
                    done, total, message = self.call(script, "migrate").seen[-1]
                    self.assertEqual(done, total)
                    self.assertTrue(message)


class Crash(InkwellTest):

    def migrate_killed(self, script, watch, before, after):
        self.restore(before)
        self.assertTrue(self.call(script, "migrate", watch).killed)
        self.bring_about(script)
        self.assertEqual(snapshot(self.home), after)

    def test_killed_before_any_of_its_lines_and_called_again_the_effect_is_the_same(self):
        for script in self.each_script():
            if script.name == ALREADY_THERE:
                continue
            before = self.save("before")
            lines = self.call(script, "migrate", script_driver.lines_of_script()).seen
            after = snapshot(self.home)
            for line in sorted(set(lines)):
                first, last = lines.index(line), len(lines) - 1 - lines[::-1].index(line)
                for moment in sorted({first, last}):
                    with self.subTest(f"{script.name}:{line}"):
                        self.migrate_killed(script, script_driver.lines_of_script(moment),
                                            before, after)

    def test_killed_within_a_statement_of_sqlite_it_starts_over_from_the_old_tables(self):
        for script in self.each_script():
            if "import sqlite3" not in script.read_text():
                continue
            before = self.save("before")
            steps = self.call(script, "migrate", script_driver.steps_of_sqlite()).seen
            self.assertGreater(steps, 5)
            after = snapshot(self.home)
            for moment in range(0, steps, max(1, steps // 20)):
                with self.subTest(f"{script.name}: step {moment} of {steps}"):
                    self.migrate_killed(script, script_driver.steps_of_sqlite(moment),
                                        before, after)

    def test_called_again_after_all_is_done_it_returns_true_and_changes_nothing(self):
        for script in self.each_script():
            self.bring_about(script)
            after = snapshot(self.home)
            with self.subTest(script.name):
                self.assertIs(self.call(script, "migrate").value, True)
                self.assertEqual(snapshot(self.home), after)


class Durability(InkwellTest):

    def test_a_file_is_on_the_disk_before_it_gets_its_name_and_the_name_before_the_end(self):
        for script in self.each_script():
            if script.name == ALREADY_THERE:
                continue
            files = {path.stat().st_ino for path in self.home.rglob("*") if path.exists()}
            calls = self.call(script, "migrate", script_driver.order_of_syncs).seen
            for at, (what, moved, *directories) in enumerate(calls):
                if what == "rename":
                    with self.subTest(script.name):
                        if moved not in files:  # new contents, not a move of what was there
                            self.assertIn(["fsync", moved], calls[:at])
                        for directory in directories:
                            self.assertIn(["fsync", directory], calls[at:])


class Verifier(InkwellTest):

    def setUp(self):
        super().setUp()
        for script in SCRIPTS:
            self.bring_about(script)

    def assert_found(self, words):
        code, said = self.verify()
        self.assertEqual(code, 1)
        self.assertIn(words, said)

    def test_it_finds_a_file_that_a_crash_left_behind(self):
        (self.home / "people" / ".ada.json.migrating").touch()
        self.assert_found("people/.ada.json.migrating: should not be there")

    def test_it_finds_a_lost_note(self):
        (self.home / "library/notes/garden/0005.md").unlink()
        self.assert_found("library/notes/garden/0005.md: is missing")

    def test_it_finds_a_changed_note(self):
        with (self.home / "library/notes/garden/0005.md").open("a") as note:
            note.write("one word too many")
        self.assert_found("library/notes/garden/0005.md: holds")

    def test_it_finds_a_profile_that_others_may_read(self):
        (self.home / "people/ada/profile.json").chmod(0o644)
        self.assert_found("people/ada/profile.json: has mode 0644, should have 0600")

    def test_it_finds_a_single_wrong_row(self):
        with contextlib.closing(sqlite3.connect(str(self.home / "inkwell.db"))) as db, db:
            db.execute("UPDATE revision SET saved_unix = saved_unix + 1 WHERE id = 200")
        self.assert_found("inkwell.db: revision 200 is")

    def test_it_finds_a_database_that_is_none(self):
        (self.home / "inkwell.db").write_bytes(b"not a database, but long enough for a header" * 9)
        self.assert_found("inkwell.db: cannot be read")


if __name__ == "__main__":
    unittest.main()

"""migrations/v1.1.0/001_example.py, which everyone reads first, keeps what it says."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import script_driver

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "migrations" / "v1.1.0" / "001_example.py").read_bytes()


class FirstExample(unittest.TestCase):

    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="example-")
        self.addCleanup(place.cleanup)
        self.directory = Path(place.name) / ".teleclaude"
        environment = mock.patch.dict(os.environ, HOME=place.name)
        environment.start()
        self.addCleanup(environment.stop)

    def value(self, phase, watch=None):
        return script_driver.call(SOURCE, phase, watch).value

    def test_without_the_directory_there_is_nothing_to_do(self):
        self.assertIs(self.value("check"), True)
        self.assertFalse(self.directory.exists())

    def test_with_it_the_explanation_appears_once_and_for_all(self):
        self.directory.mkdir()
        self.assertIs(self.value("check"), False)
        for _ in range(2):
            self.assertIs(self.value("migrate"), True)
            self.assertIs(self.value("check"), True)
            self.assertEqual(os.listdir(self.directory), ["README.txt"])

    def test_killed_anywhere_it_is_completed_by_a_second_call(self):
        self.directory.mkdir()
        lines = script_driver.call(SOURCE, "migrate", script_driver.lines_of_script()).seen
        for moment in range(len(lines)):
            (self.directory / "README.txt").unlink()
            script_driver.call(SOURCE, "migrate", script_driver.lines_of_script(moment))
            if not self.value("check"):
                self.assertIs(self.value("migrate"), True)
            self.assertIs(self.value("check"), True)
            self.assertEqual(os.listdir(self.directory), ["README.txt"])


if __name__ == "__main__":
    unittest.main()

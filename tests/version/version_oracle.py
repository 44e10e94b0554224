"""Prints pairs of version strings and what packaging.version makes of them.

usage: version_oracle.py SEED COUNT

Each of COUNT lines has five fields, separated by tabs: the first text and the second as UTF-8 in
hexadecimal, their canonical forms (empty: not a version), and `<`, `=`, `>` or nothing for how the
first compares with the second. The same seed prints the same lines.
"""

import itertools
import random
import re
import sys
from typing import Iterator, List, NamedTuple, Optional, Tuple

from packaging.version import InvalidVersion, Version

# packaging's case folding lets these stand for i, s and k. PEP 440 asks for ASCII letters: ours
# refuses them.
NOT_ASCII_LETTERS = re.compile("[\u0130\u0131\u017f\u212a]")

BIG_NUMBERS = ["10", "20240131", "4294967296", "9223372036854775807", "9223372036854775808",
               "18446744073709551615", "18446744073709551616", "9" * 40, "1" + "0" * 40]
SPACES = ["", "", "", "", " ", "\t", "\n", " \r\n", "\v\f", "\x1c", "\x1f", "\x85", "\xa0",
          "\u1680", "\u2000", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000 "]
SPELLINGS = {"a": ["a", "alpha"], "b": ["b", "beta"], "rc": ["rc", "c", "pre", "preview"],
             "post": ["post", "rev", "r"], "dev": ["dev"]}
WORDS = [word for words in SPELLINGS.values() for word in words]
SEPARATORS = ["", ".", "-", "_"]
LOCAL_WORDS = ["a", "b", "z", "ubuntu", "1a", "0a", "g00", "dev", "rc1"]

# Pieces of versions, and things that are nearly that.
TOKENS = ["0", "1", ".", "-", "_", "+", "!", "v", "x", " "] + WORDS
DEBRIS = TOKENS + SPACES + ["V", "..", "--", "00", "\0", "\x7f", "\xb2", "\u0660", "\uff11",
                            "\u0130", "\u0131", "\u017f", "\u212a", "\u200b", "\ufeff", "\u0430",
                            "\U0001d7ce", "\udcc2", "\udc85", "\udcff"]


class Parts(NamedTuple):
    epoch: str
    release: List[str]
    pre: Optional[Tuple[str, str]]
    post: Optional[str]
    dev: Optional[str]
    local: List[str]


class Generator:
    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def number(self) -> str:
        # Mostly small ones: versions must often agree in a part for the next one to decide.
        if self.chance(0.05):
            return self.random.choice(BIG_NUMBERS)
        return str(self.random.randrange(3))

    def parts(self) -> Parts:
        return Parts(
            epoch=self.number() if self.chance(0.1) else "0",
            release=[self.number() for _ in range(self.random.choice([1, 2, 2, 3, 3, 4]))],
            pre=(self.random.choice(["a", "b", "rc"]), self.number()) if self.chance(0.4) else None,
            post=self.number() if self.chance(0.4) else None,
            dev=self.number() if self.chance(0.4) else None,
            local=[self.local_segment() for _ in range(self.random.choice([0, 0, 1, 2, 3]))])

    def local_segment(self) -> str:
        return self.number() if self.chance(0.5) else self.random.choice(LOCAL_WORDS)

    def neighbour(self, parts: Parts) -> Parts:
        """The same version but for one part."""
        field = self.random.choice(Parts._fields)
        return parts._replace(**{field: getattr(self.parts(), field)})

    def any_case(self, text: str) -> str:
        return "".join(c.upper() if self.chance(0.2) else c for c in text)

    def any_number(self, digits: str) -> str:
        return "0" * self.random.randrange(1, 4) + digits if self.chance(0.1) else digits

    def marker(self, name: str, number: str) -> str:
        separator, inner = self.random.choice(SEPARATORS), self.random.choice(SEPARATORS)
        if name == "post" and self.chance(0.3):
            return "-" + self.any_number(number)
        if number == "0" and self.chance(0.5):
            return separator + self.random.choice(SPELLINGS[name]) + inner
        return separator + self.random.choice(SPELLINGS[name]) + inner + self.any_number(number)

    def spell(self, parts: Parts) -> str:
        """One of the ways to write a version that all mean the same."""
        text = self.random.choice(["", "", "v"])
        if parts.epoch != "0" or self.chance(0.05):
            text += self.any_number(parts.epoch) + "!"
        text += ".".join(map(self.any_number, parts.release))
        text += ".0" * self.random.choice([0, 0, 0, 1, 2])
        text += self.marker(*parts.pre) if parts.pre else ""
        text += self.marker("post", parts.post) if parts.post else ""
        text += self.marker("dev", parts.dev) if parts.dev else ""
        for index, segment in enumerate(parts.local):
            text += self.random.choice(".-_") if index else "+"
            text += self.any_number(segment) if segment.isdigit() else segment
        return self.random.choice(SPACES) + self.any_case(text) + self.random.choice(SPACES)

    def damage(self, text: str) -> str:
        for _ in range(self.random.randrange(1, 4)):
            start = self.random.randrange(len(text) + 1)
            end = start + self.random.randrange(3)
            debris = self.random.choice(DEBRIS) if self.chance(0.7) else ""
            text = text[:start] + debris + text[end:]
        return text

    def debris(self) -> str:
        return "".join(self.random.choice(DEBRIS) for _ in range(self.random.randrange(8)))

    def short_texts(self) -> List[str]:
        """Every text of up to three tokens behind a release number, in random order."""
        texts = ["1" + "".join(tokens)
                 for length in range(4) for tokens in itertools.product(TOKENS, repeat=length)]
        self.random.shuffle(texts)
        return texts

    def pairs(self) -> Iterator[Tuple[str, str]]:
        texts = self.short_texts()
        yield from zip(texts[::2], texts[1::2])
        while True:
            parts = self.parts()
            text = self.spell(parts)
            yield text, self.spell(parts)
            yield text, self.spell(self.neighbour(parts))
            yield text, self.spell(self.neighbour(self.neighbour(parts)))
            yield text, self.spell(self.parts())
            yield self.damage(text), self.damage(text)
            yield self.debris(), self.debris()


def parse(text: str) -> Optional[Version]:
    if NOT_ASCII_LETTERS.search(text):
        return None
    try:
        return Version(text)
    except InvalidVersion:
        return None


def compare(first: Optional[Version], second: Optional[Version]) -> str:
    if first is None or second is None:
        return ""
    if first == second:
        return "="
    return "<" if first < second else ">" if first > second else "not ordered"


def main() -> None:
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    for pair in itertools.islice(Generator(seed).pairs(), count):
        # The bytes are what both sides judge; those that are not UTF-8 stand as lone surrogates, as
        # in file names.
        raw = [text.encode("utf-8", "surrogateescape") for text in pair]
        versions = [parse(text.decode("utf-8", "surrogateescape")) for text in raw]
        canonical = ["" if version is None else str(version) for version in versions]
        print(*[text.hex() for text in raw], *canonical, compare(*versions), sep="\t")


if __name__ == "__main__":
    main()

"""What the people of one Inkwell have written: the same on every machine, at any size.

Inkwell is a small knowledge base: notes in Markdown, a profile for each person, a history of
revisions. This module knows the contents and nothing about how a version stores them;
make_installation.py writes them as v1.0 does, verify_installation.py expects them as v1.4 does.
"""

import datetime
from typing import Iterator, List, NamedTuple, Tuple

TOPICS = ("astronomy", "baking", "cycling", "drawing", "garden", "harbour", "history", "music",
          "radio", "sailing", "walks", "workshop")
SUBJECTS = ("apple trees", "an old lathe", "crème brûlée", "night trains", "the north wall",
            "pocket maps", "sourdough", "spoke lengths", "tide tables", "Übungen", "valves", "wax")
VERBS = ("Caring for", "Choosing", "Finding", "Fixing", "Learning", "Measuring", "Storing")
GIVEN = ("ada", "bela", "carla", "dario", "edith", "fritz", "greta", "hugo", "ines", "jonas")
FAMILY = ("Ahlgren", "Brandt", "Côté", "Dvořák", "Estrada", "Fjord", "Grünwald", "Hale")
CHANNELS = ("mail", "digest", "browser")
EPOCH = datetime.datetime(2019, 1, 1, tzinfo=datetime.timezone.utc)

# A body that looks like front matter here and there: a careless rewrite would change it.
BODY = """
# {title}

Notes taken by {author}. What follows is a rule, not the end of anything:

---
tags: these, belong, to the text
id: so does this

{sentence} {sentence} See also the pages on {topic}.
"""


class Sizes(NamedTuple):
    """How much of each the installation holds."""
    notes: int = 2_000
    revisions: int = 200_000
    people: int = 40


class Person(NamedTuple):
    login: str
    name: str
    notify: Tuple[str, ...]  # a subset of CHANNELS, in that order


class Note(NamedTuple):
    path: str  # below the directory of notes
    title: str
    tags: List[str]
    date: str
    author: str
    body: str
    newline: str
    draft: bool  # drafts have no front matter yet


class Revision(NamedTuple):
    id: int
    note: str
    author: str
    saved: datetime.datetime
    summary: str


def add_size_options(parser) -> None:
    """Gives an argparse parser --notes, --revisions and --people."""
    for name, default in Sizes()._asdict().items():
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N",
                            help=f"number of {name} (default {default})")


def people(sizes: Sizes) -> Iterator[Person]:
    for i in range(sizes.people):
        given, family = GIVEN[i % len(GIVEN)], FAMILY[i % len(FAMILY)]
        login = given if i < len(GIVEN) else f"{given}{i // len(GIVEN) + 1}"
        notify = tuple(channel for bit, channel in enumerate(CHANNELS) if i >> bit & 1)
        yield Person(login, f"{given.capitalize()} {family}", notify)


def notes(sizes: Sizes) -> Iterator[Note]:
    logins = [person.login for person in people(sizes)]
    for i in range(sizes.notes):
        topic, subject = TOPICS[i % len(TOPICS)], SUBJECTS[i // 7 % len(SUBJECTS)]
        title = f"{VERBS[i % len(VERBS)]} {subject}"
        author = logins[i * 7 % len(logins)]
        tags = [] if i % 31 == 5 else [topic, subject.split()[-1], f"year {2015 + i % 9}"]
        body = BODY.format(title=title, author=author, topic=topic,
                           sentence=f"Page {i + 1} says more about {subject}.")
        yield Note(path=f"{topic}/{i + 1:04}.md", title=title, tags=tags,
                   date=(EPOCH + datetime.timedelta(days=i)).date().isoformat(), author=author,
                   body=body, newline="\r\n" if i % 50 == 3 else "\n", draft=i % 97 == 11)


def revisions(sizes: Sizes) -> Iterator[Revision]:
    paths = [note.path for note in notes(sizes)]
    logins = [person.login for person in people(sizes)]
    for i in range(sizes.revisions):
        yield Revision(id=i + 1, note=paths[i * 31 % len(paths)], author=logins[i % len(logins)],
                       saved=EPOCH + datetime.timedelta(seconds=613 * i),
                       summary=f"{VERBS[i % len(VERBS)].lower()} a better word")


def log_files() -> Iterator[Tuple[str, str]]:
    """Name and text of each finished month's log, then of the one still written to."""
    for month in range(1, 13):
        lines = (f"2024-{month:02}-{day:02} 06:00:00 digest sent\n" for day in range(1, 29))
        yield f"inkwell-2024-{month:02}.log", "".join(lines)
    yield "inkwell.log", "2025-01-01 06:00:00 digest sent\n"


def with_front_matter(note: Note, lines: List[str]) -> bytes:
    """The note as a file whose front matter is these lines; a draft has none."""
    head = "" if note.draft else "\n".join(["---", *lines, "---"]) + "\n"
    return (head + note.body).replace("\n", note.newline).encode()

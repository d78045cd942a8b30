"""A paper as it is meant, before it is a page, a PDF or a Word file: a title and blocks in reading order.

Every paper of Sirkel is built of the same few blocks, so that all look, print and read aloud alike. Words that
people wrote are always `Words` with their language; fixed words come in the reader's language from the caller.
Nothing here is escaped or cleaned: each format does that for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sirkel.exchange.text import clean_line


@dataclass(frozen=True, slots=True)
class Words:
    """Words and the language they are in: None is the paper's own. `after` follows them, small and quiet."""

    text: str
    lang: str | None = None
    after: str = ""


class Tone(StrEnum):
    """How a paragraph speaks."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    PROMPT = "prompt"  # the question that what follows answers
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the title has level 1, so these have 2 or 3."""

    words: Words
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `name` stands quietly before it, such as Say. One without words is left out."""

    words: Words
    tone: Tone = Tone.PLAIN
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is; left out when there are no words. `is_warm` marks what warns."""

    name: str
    words: Words
    is_warm: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their words, one under the other."""

    rows: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; items without words are left out. A large one can be read across a table."""

    items: Sequence[Words]
    is_numbered: bool = False
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `width` is its share of the line, in millimetres of 156."""

    name: str
    width: int
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row that repeats on every page. `caption` is heard and not printed.

    `strong` is the number of the column that stands out. Raises `ValueError` for a row of another length.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Words]]
    strong: int | None = None

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("Every row of a table has a cell for every column")


@dataclass(frozen=True, slots=True)
class Panel:
    """The one thing to see first: a name and words on a soft ground."""

    name: str
    words: Words


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a run sheet: when, how long, what, and what is said there. One without a title has no heading."""

    when: str
    length: str
    title: Words
    texts: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """The lines of a run sheet, each with a heading of level 2."""

    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Blanks:
    """Lines to fill in by hand, one for each name."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code. `alt` says what it opens, `address` stands below it in letters and may be empty."""

    url: str
    alt: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of ours, as SVG with an accessible name of its own. `description` says what it shows."""

    svg: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page; with `has_bar` a line down their side says that they belong together."""

    blocks: Sequence["Block"]
    has_bar: bool = False


Block = Heading | Text | Facts | Bullets | Table | Panel | Steps | Blanks | Code | Picture | Together


@dataclass(frozen=True, slots=True)
class Rings:
    """The circle's growth rings: meetings held, trials kept, and the same in words."""

    held: int
    kept: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper in one language.

    `kind` says what it is and stands over the title, `foot` says on every page whose it is and for whom. A poster
    is read from two metres and is one page, however long its words: its code takes the height that is left. Raises
    `ValueError` without a title: a document without one cannot be found again by anybody who listens.
    """

    title: Words
    language: str
    foot: str
    kind: str = ""
    facts: Facts | None = None
    blocks: Sequence[Block] = ()
    rings: Rings | None = None
    is_poster: bool = False

    def __post_init__(self) -> None:
        if not clean_line(self.title.text):
            raise ValueError("A paper needs a title")

"""The words in which a room says what personal data it keeps: the register of GDPR Article 30, as code.

Every room declares its data classes in ``rules/personal_data.py`` (the kernel in ``kernel/personal_data.py``) as a tuple
``CLASSES``; ``config.register`` gathers them. A test compares them with every field of every model of all databases.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

Words = str | Promise
_TWO_DAYS = timedelta(days=2)


class Purpose(StrEnum):
    """What data are for. Nothing moves from one purpose to another but by an act of whoever wrote it."""

    CIRCLE = "circle"
    RESEARCH = "research"
    NETWORK = "network"
    ACCOUNT = "account"
    OPERATION = "operation"


class Tie(StrEnum):
    """How a row leads to a person."""

    ACCOUNT = "account"
    """By an account: its owner sees the row on their page of own data, and takes it along."""
    HOLDER = "holder"
    """By a secret that one browser, receipt or phrase holds: whoever has it finds the row, nobody else does."""
    WORDS = "words"
    """Only where somebody writes a name into a text."""
    NOBODY = "nobody"
    """Not at all: counts, settings of places, machinery."""


class Controller(StrEnum):
    """Who decides about the data and answers for them (Article 4(7))."""

    EMPLOYER = "employer"
    HOST = "host"


class Recipient(StrEnum):
    """Who gets to see the data, by role."""

    SELF = "self"
    CIRCLE = "circle"
    FACILITATORS = "facilitators"
    WORKPLACE = "workplace"
    NETWORK = "network"
    WRITERS = "writers"
    PUBLIC = "public"
    ADMINISTRATORS = "administrators"
    MAIL = "mail"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Retention:
    """How long data are kept, and what deletes them.

    Attributes:
        text: the sentence, in the present tense; ``%(time)s`` stands for the length.
        deleted_by: dotted names of the functions that delete; empty where nothing does and the text says so.
        length: dotted name of a timedelta, or of a function that returns one, in the code that deletes; empty where
            an act of somebody ends it and no clock does.

    """

    text: Words
    deleted_by: tuple[str, ...] = ()
    length: str = ""

    def lasts(self) -> timedelta | None:
        """Return how long, as the code that deletes has it now; None where no clock ends it."""
        if not self.length:
            return None
        found = import_string(self.length)
        return found if isinstance(found, timedelta) else found()

    def said(self) -> str:
        """Return the sentence in the current language, with its length."""
        lasts = self.lasts()
        return str(self.text) if lasts is None else str(self.text) % {"time": period(lasts)}


@dataclass(frozen=True)
class Rows:
    """The fields of one model, by name, blanks between them.

    Attributes:
        model: ``Name``, or ``app.Name`` where the app is not the declaring room.
        tells: fields that lead to a person or hold words in which one may be named.
        other: all the rest, numbers and dates among them.

    """

    model: str
    other: str = ""
    tells: str = ""

    def fields(self) -> tuple[str, ...]:
        """Return the names of all fields."""
        return (*self.tells.split(), *self.other.split())


@dataclass(frozen=True)
class DataClass:
    """One class of data: what it is, why, on whose word, for how long, and where it lies.

    Attributes:
        code: its name in files, for good; never shown to readers.
        name: a few words, as a heading.
        what: one plain sentence: what stands in it.
        is_special: whether a row may show what Article 9 protects, as membership of a union.

    """

    code: str
    name: Words
    what: Words
    purpose: Purpose
    controller: Controller
    tie: Tie
    recipients: tuple[Recipient, ...]
    retention: Retention
    rows: tuple[Rows, ...]
    is_special: bool = False

    @property
    def can_name(self) -> bool:
        """Whether a row can lead to a person, or be found to name one."""
        return self.tie is not Tie.NOBODY


def period(time: timedelta) -> str:
    """Say a length in whole days, or in hours below two days."""
    if time < _TWO_DAYS:
        hours = round(time / timedelta(hours=1))
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", time.days) % {"count": time.days}


UNTIL_ACCOUNT_ENDS = Retention(_("Until you delete your account."), ("sirkel.people.domain.erasing.erase",))
STAYS = Retention(_("As long as Sirkel runs here. It holds no words and no names."))

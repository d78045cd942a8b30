"""What Sirkel keeps of somebody with an account, gathered from every room: for their eyes, and to take along.

A room contributes a part for each class of data whose rows lead to an account (``Tie.ACCOUNT`` in the register); a
test compares the two, so that a room that forgets is found. A part holds what is the asker's own: never what somebody
else wrote, and never unsigned notes, since nobody can know whose they are.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sirkel.kernel.register import DataClass, Words
from sirkel.people.models import Person


@dataclass(frozen=True)
class Coded:
    """A value that programs know by its code and people by its label."""

    code: str
    label: Words


Row = Mapping[str, Any]
Collect = Callable[[Person], Iterable[Row]]
"""Given a person, the rows: values by column; texts, numbers, booleans, days, moments, ``Coded``, lists of these, or None."""


@dataclass(frozen=True)
class Part:
    """What one class of data holds of somebody. ``columns`` are labels by the name that programs read."""

    data_class: DataClass
    columns: Mapping[str, Words]
    rows: tuple[Row, ...]

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Return the rows as people read them: label and value, without what is empty."""
        return [
            [
                (str(label), said)
                for key, label in self.columns.items()
                if (said := in_words(row.get(key))) != ""
            ]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Reader:
    """Whether somebody with a role can read something, as the page's own rule says."""

    role: Words
    can_read: bool


@dataclass(frozen=True)
class Seen:
    """Something of somebody's and who can read it, role by role."""

    what: Words
    where: str
    readers: tuple[Reader, ...]
    at: datetime | None = None


Tell = Callable[[Person, datetime], Iterable[Seen]]
_collects: dict[str, tuple[DataClass, Mapping[str, Words], Collect]] = {}
_tells: list[Tell] = []


def contribute(data_class: DataClass, columns: Mapping[str, Words], collect: Collect) -> None:
    """Let a room say what it keeps of somebody in one class of data."""
    _collects[data_class.code] = (data_class, columns, collect)


def tell_readers(tell: Tell) -> None:
    """Let a room say who can read what somebody wrote under their own name."""
    if tell not in _tells:
        _tells.append(tell)


def contributed() -> set[str]:
    """Return the codes of the classes that some room contributes."""
    return set(_collects)


def parts_of(person: Person) -> list[Part]:
    """Return all that is kept of a person, class by class, empty ones too, in the order of the rooms."""
    return [
        Part(data_class, columns, tuple(collect(person)))
        for data_class, columns, collect in _collects.values()
    ]


def seen_by(person: Person, *, at: datetime) -> list[Seen]:
    """Return what a person wrote under their own name and who can read it. No reading is ever recorded."""
    return [one for tell in _tells for one in tell(person, at)]


def as_json(parts: Sequence[Part], *, at: datetime) -> str:
    """Return the parts for programs: by code of the class, a list of rows; moments in ISO 8601 with their zone."""
    data = {
        "made_at": at,
        "classes": {
            part.data_class.code: {
                "name": str(part.data_class.name),
                "kept": part.data_class.retention.said(),
                "rows": [{key: _plain(row.get(key)) for key in part.columns} for row in part.rows],
            }
            for part in parts
        },
    }
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def in_words(value: Any) -> str:
    """Say a value in the current language; what is absent is empty."""
    for kind, say in _SAYINGS:
        if isinstance(value, kind):
            return say(value)
    return "" if value is None else str(value)


# In this order: True is a number too, and a moment is a day too.
_SAYINGS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: _("yes") if value else _("no")),
    (Coded, lambda value: str(value.label)),
    (list, lambda value: ", ".join(in_words(one) for one in value)),
    (datetime, lambda value: date_format(localtime(value), "DATETIME_FORMAT")),
    (date, lambda value: date_format(value, "DATE_FORMAT")),
)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.code if isinstance(value, Coded) else value

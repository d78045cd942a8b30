"""What is written from the register: the notice, the record of Article 30 and the annex to an impact assessment.

All three take the classes they are to tell of, and follow them: nothing about a class is written anywhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localdate

from sirkel.config.register.gather import register, room_of
from sirkel.config.register.risks import MEASURES, RISKS
from sirkel.config.register.words import AUTHORITIES, BASES, CONTROLLERS, PURPOSES, RECIPIENTS, TIES, Basis
from sirkel.kernel.register import DataClass, Purpose, Tie, Words


@dataclass(frozen=True)
class Entry:
    """One class in the words of the current language."""

    data_class: DataClass
    controller: str
    recipients: str
    retention: str
    tie: str
    fields: tuple[tuple[str, str], ...]

    @property
    def basis(self) -> Basis:
        """What makes it lawful."""
        return BASES[self.data_class.purpose]


@dataclass(frozen=True)
class Chapter:
    """All classes of one purpose, in the order of the register."""

    purpose: Purpose
    title: Words
    basis: Basis
    entries: tuple[Entry, ...]


def entry(one: DataClass) -> Entry:
    """Put one class into words."""
    room = room_of(one)
    return Entry(
        data_class=one,
        controller=str(CONTROLLERS[one.controller]),
        recipients=", ".join(str(RECIPIENTS[who]) for who in one.recipients),
        retention=one.retention.said(),
        tie=str(TIES[one.tie]),
        fields=tuple(
            (rows.model if "." in rows.model else f"{room}.{rows.model}", ", ".join(rows.fields()))
            for rows in one.rows
        ),
    )


def chapters(classes: Sequence[DataClass], *, only_people: bool = False) -> list[Chapter]:
    """Return the classes by purpose; ``only_people`` leaves out what can name nobody."""
    told = [one for one in classes if one.can_name or not only_people]
    return [
        Chapter(purpose, title, BASES[purpose], tuple(entry(one) for one in told if one.purpose is purpose))
        for purpose, title in PURPOSES.items()
        if any(one.purpose is purpose for one in told)
    ]


def context(classes: Sequence[DataClass] | None = None, *, only_people: bool = False) -> dict[str, Any]:
    """Return what the templates of all three documents are filled with.

    Args:
        classes: what to tell of; the whole register when left out.
        only_people: leave out classes that can name nobody.

    """
    classes = register() if classes is None else classes
    return {
        "chapters": chapters(classes, only_people=only_people),
        "special": [one for one in classes if one.is_special],
        "count": len(classes),
        "by_account": [one for one in classes if one.tie is Tie.ACCOUNT],
        "controller": settings.CONTROLLER,
        "privacy_contact": settings.PRIVACY_CONTACT,
        "dpo_contact": settings.DPO_CONTACT,
        "site": settings.SITE_URL,
        "day": date_format(localdate(), "DATE_FORMAT"),
        "measures": MEASURES,
        "risks": RISKS,
        "authorities": AUTHORITIES,
    }


DOCUMENTS = {
    "notice": ("config/notice_body.html", True),
    "record": ("config/record_body.html", False),
    "annex": ("config/annex_body.html", False),
}
"""What is in the page, and whether it leaves out classes that can name nobody."""


def as_file(name: str, classes: Sequence[DataClass] | None = None) -> str:
    """Return a document of ``DOCUMENTS`` as one HTML file in the current language, styles within."""
    template, only_people = DOCUMENTS[name]
    filled = context(classes, only_people=only_people) | {"is_file": True}
    return render_to_string("config/register_file.html", filled | {"body": template})

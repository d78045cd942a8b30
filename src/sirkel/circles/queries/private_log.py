"""A private log as its owner reads it. Nothing here takes anybody else."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import PrivateLogEntry
from sirkel.circles.queries.leading import circles_led_by
from sirkel.circles.rules import methods
from sirkel.circles.rules.sealing import CannotOpen, unseal
from sirkel.circles.rules.texts import in_language
from sirkel.kernel.errors import NotFound
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import has_role


@dataclass(frozen=True)
class Entry:
    """One opened entry. ``text`` is empty and ``at`` None where no key opens it any more."""

    id: uuid.UUID
    text: str
    at: datetime | None
    circle_name: str
    meeting: int
    question: str

    @property
    def is_readable(self) -> bool:
        """Whether a key opened it."""
        return self.at is not None


def keeps_a_log(person: Person, *, at: datetime) -> bool:
    """Tell whether somebody has a private log: who facilitates, may begin a circle, or has written before."""
    return (
        has_role(person, Role.FACILITATOR, at=at)
        or circles_led_by(person).exists()
        or PrivateLogEntry.objects.filter(owner=person).exists()
    )


def must_keep_a_log(person: Person, *, at: datetime) -> None:
    """Refuse whoever has no private log.

    Raises:
        NotFound: ``log.none``.

    """
    if not keeps_a_log(person, at=at):
        raise NotFound("log.none", _("There is no such page."))


def own_entries(*, owner: Person, language: str) -> list[Entry]:
    """Return somebody's own entries, the newest first; those that no key opens stand last."""
    asked = {one.id: in_language(one.text, language)[0] for one in methods.log_questions()}
    rows = PrivateLogEntry.objects.filter(owner=owner).order_by("id")
    entries = [_opened(row, asked) for row in rows]
    return sorted(entries, key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)


def _opened(row: PrivateLogEntry, asked: dict[str, str]) -> Entry:
    try:
        data = unseal(bytes(row.sealed), keys=settings.PRIVATE_LOG_KEYS, owner=row.owner_id, entry=row.id)
    except CannotOpen:
        return Entry(row.id, "", None, "", 0, "")
    words = json.loads(data)
    return Entry(
        id=row.id,
        text=words["text"],
        at=datetime.fromisoformat(words["at"]),
        circle_name=words["name"],
        meeting=words["meeting"],
        question=asked.get(words["question"], ""),
    )

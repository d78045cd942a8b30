"""Taking in a member list: looked through first, row by row, and then kept whole or not at all."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain import member_list
from sirkel.circles.domain.set_ups import locked_circle
from sirkel.circles.models import Circle
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.set_ups import OVER
from sirkel.circles.rules.member_rows import Row, read_rows
from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person


@dataclass(frozen=True)
class Report:
    """What became of each row. ``is_kept`` says whether anything was stored: everything, or nothing."""

    rows: tuple[Row, ...]
    is_kept: bool

    @property
    def faults(self) -> int:
        """How many rows are wrong."""
        return sum(bool(row.fault) for row in self.rows)

    @property
    def asked(self) -> int:
        """How many would be, or were, asked by mail."""
        return sum(bool(row.email) for row in self.rows if not row.fault)


def take_in(*, acting: Person, circle_id: uuid.UUID, text: str, is_dry: bool, at: datetime) -> Report:
    """Look through a member list and, unless dry or anything is wrong with it, keep it. All of it or nothing.

    A dry run says exactly what keeping would say, since it does the same and takes it back.

    Raises:
        Refused: ``lists.*`` for a text that is no list, see ``rules.member_rows``; ``circles.over``;
            ``members.too_many``.
        NotFound: this person does not facilitate the circle.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    rows = read_rows(text, usual_language=circle.language)
    with transaction.atomic():
        circle = locked_circle(circle_id)
        if circle.state in OVER:
            raise Refused("circles.over", _("The circle is over."), status=409)
        member_list.must_have_room(circle, len(rows))
        tried = _tried(circle, rows, at)
        is_kept = not is_dry and not any(row.fault for row in tried)
        if is_kept:
            audit.record(
                chain=circle.organisation_id,
                acting=acting.id,
                verb="members.listed",
                target=circle.id,
                facts={"count": len(tried)},
                at=at,
            )
        else:
            transaction.set_rollback(True)
    return Report(rows=tuple(tried), is_kept=is_kept)


def _tried(circle: Circle, rows: Sequence[Row], at: datetime) -> list[Row]:
    tried = []
    for row in rows:
        tried.append(row)
        if row.fault:
            continue
        entry = member_list.Entry(
            first_name=row.first_name, lang=row.lang, email=row.email, perspective=row.perspective
        )
        try:
            with transaction.atomic():
                member_list.put_one(circle=circle, entry=entry, at=at)
        except Refused as refused:
            tried[-1] = replace(row, fault=refused.message)
    return tried

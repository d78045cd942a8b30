"""Equality of access: what a leader says of the unit, what people tap, and how a half-year is told once."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.participation import open_token
from sirkel.circles.enums import StepKind
from sirkel.circles.models import AccessAsked, AccessPicture, AccessTally, Round, StaffFacts
from sirkel.circles.queries.access import workplace_around
from sirkel.circles.queries.rounds import round_in
from sirkel.circles.queries.standing import Part
from sirkel.circles.rules.access import GROUPS, SIZES, band_of, pack, period_of, told, unpack
from sirkel.circles.rules.tokens import asked_token
from sirkel.circles.rules.when import on_wall
from sirkel.evidence.bands import differs_enough
from sirkel.kernel import audit
from sirkel.kernel.errors import NotAllowed, Refused
from sirkel.kernel.sealing import new_secret, seal, unseal
from sirkel.people.models import Person, Workplace
from sirkel.people.queries.seats import seat_of

TALLY = "access-tally"


def say_staff(
    *, acting: Person, workplace_id: uuid.UUID, sizes: Mapping[str, Mapping[str, str]], at: datetime
) -> StaffFacts:
    """Keep how many work which shift and under which contract, in bands; it replaces what was said before.

    Args:
        acting: a leader of the workplace.
        workplace_id: the workplace.
        sizes: a name of ``rules.access.SIZES`` by kind and group, for every group.
        at: now.

    Raises:
        Refused: ``staff.<kind>.<group>`` for a missing or unknown size.
        NotFound: this person does not lead there.

    """
    workplace = workplace_around(person=acting, workplace_id=workplace_id, part=Part.LEADER, at=at)
    kept: dict[str, dict[str, str]] = {}
    for kind, groups in GROUPS.items():
        for group in groups:
            size = sizes.get(kind, {}).get(group, "")
            if size not in SIZES:
                raise Refused(
                    f"staff.{kind}.{group}", _("Choose a number."), facts={"field": f"{kind}_{group}"}
                )
            kept.setdefault(kind, {})[group] = size
    with transaction.atomic():
        facts, _made = StaffFacts.objects.update_or_create(
            workplace=workplace, defaults={"sizes": kept, "said_at": at}
        )
        audit.record(
            chain=workplace.organisation_id, acting=acting.id, verb="staff.said", target=workplace.id, at=at
        )
    return facts


def answer_access(
    *,
    meeting_id: uuid.UUID,
    round_id: uuid.UUID,
    device: str | None,
    groups: Mapping[str, str],
    at: datetime,
) -> None:
    """Add one or two unsigned taps at a check-out to the sealed sums of the workplace; no row keeps an answer.

    A phone answers once in a round: what it sends again changes nothing.

    Args:
        meeting_id: the meeting.
        round_id: an open check-out round.
        device: the phone's secret.
        groups: the chosen group by kind; either may be left out.
        at: now.

    Raises:
        Refused: ``access.group``, ``access.not_here``. Gone, NotAllowed: as for the check-out.
        NotAllowed: ``access.shared`` on a phone that is passed around.

    """
    for kind, group in groups.items():
        if group not in GROUPS.get(kind, {}):
            raise Refused("access.group", _("Choose one of the answers."))
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        open_token(round_=round_, device=device)
        seat = seat_of(room=meeting_id, device=device)
        if seat is None or seat.is_shared:
            raise NotAllowed("access.shared", _("This is not asked on a phone that is passed around."))
        here = Workplace.objects.filter(circles__meetings=meeting_id, staff_facts__isnull=False)
        workplace = Workplace.objects.filter(id__in=here.values("id")).select_for_update().first()
        if round_.step.kind != StepKind.CHECK_OUT or workplace is None:
            raise Refused("access.not_here", _("This is not asked here."))
        token = asked_token(secret=bytes(round_.secret or b""), device=device or "")
        if not AccessAsked.objects.get_or_create(round=round_, token=token)[1]:
            return
        period = period_of(on_wall(at, workplace.time_zone).date())
        for kind, group in groups.items():
            _add(workplace, kind, period, group)


def forget_asked(*, round_: Round) -> None:
    """Forget which phones answered in a round that ends."""
    AccessAsked.objects.filter(round=round_).delete()


def tell_access(*, at: datetime) -> int:
    """Tell every half-year that is over and was not told, and return how many there were. Twice tells nothing new."""
    waiting = AccessTally.objects.filter(is_told=False).order_by("period").values_list("id", flat=True)
    told_now = 0
    for tally_id in list(waiting):
        with transaction.atomic():
            tally = (
                AccessTally.objects.select_for_update(of=("self",))
                .filter(id=tally_id, is_told=False)
                .select_related("workplace")
                .first()
            )
            if tally and tally.period < period_of(on_wall(at, tally.workplace.time_zone).date()):
                _tell(tally)
                told_now += 1
    return told_now


def _tell(tally: AccessTally) -> None:
    """Tell one half-year: in the words of the last one while fewer than four people differ, else in its own."""
    about = {"workplace": tally.workplace, "kind": tally.kind}
    counts = _counts(tally)
    last = AccessTally.objects.filter(**about, is_told=True).first()
    if last and not differs_enough(_counts(last), counts):
        before = AccessPicture.objects.get(**about, period=last.period)
        told_now = {"rows": before.rows, "least": before.least, "most": before.most}
        tally.delete()
    else:
        facts = StaffFacts.objects.filter(workplace=tally.workplace).first()
        rows = told(counts, facts.sizes[tally.kind]) if facts else []
        least, most = band_of(counts) if rows else (None, None)
        told_now = {"rows": rows, "least": least, "most": most}
        if last:
            last.delete()
        tally.is_told = True
        tally.save(update_fields=["is_told"])
    AccessPicture.objects.get_or_create(**about, period=tally.period, defaults=told_now)


def _counts(tally: AccessTally) -> dict[str, int]:
    return unpack(tally.kind, unseal(bytes(tally.sealed), secret=bytes(tally.secret), purpose=TALLY))


def _add(workplace: Workplace, kind: str, period: str, group: str) -> None:
    if AccessPicture.objects.filter(workplace=workplace, kind=kind, period=period).exists():
        return  # it was told already, and is told once
    tally = AccessTally.objects.filter(workplace=workplace, kind=kind, period=period, is_told=False).first()
    tally = tally or AccessTally(
        workplace=workplace, kind=kind, period=period, secret=new_secret(), sealed=b""
    )
    counts = _counts(tally)
    counts[group] += 1
    tally.sealed = seal(pack(kind, counts), secret=bytes(tally.secret), purpose=TALLY)
    tally.save()

"""Closing a circle: what its group keeps, hands over and stops, where that lies, and how the circle goes on."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import AnchorKind, AnchorPlace, CircleState, GoesOn, Holder
from sirkel.circles.models import Anchor, Circle, ClosingRecord, FollowUp, Trial
from sirkel.circles.queries.closing import ending_of, is_open, is_seen_around
from sirkel.circles.queries.closing_page import anchor_for, anchor_led
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.follow_ups import MONTHS, due_days
from sirkel.kernel import audit
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind
from sirkel.people.models import Person

MOST_LINE = 300
FURTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class AnchorPlan:
    """One line of a closing record. What is stopped has neither place, holder nor day; the others have all three."""

    text: str
    lang: str
    kind: str
    place: str = ""
    holder: str = ""
    look_again_on: date | None = None
    for_leader: bool = False
    trial_id: uuid.UUID | None = None


def place_anchor(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    plan: AnchorPlan,
    at: datetime,
    anchor_id: uuid.UUID | None = None,
) -> Anchor:
    """Write one line of the record, or write an existing one anew. The record is then no longer finished.

    Raises:
        Refused: ``closing.kind``, ``closing.place``, ``closing.holder``, ``closing.look_again_on`` for what is missing
            or cannot be; ``closing.trial`` for a trial that has its line; ``closing.fixed``; as for notes.
        NotFound: no such circle, line or trial for this facilitator.

    """
    circle_led(acting=acting, circle_id=circle_id)
    kept = words_for_circle(plan.text, most=MOST_LINE, is_sure=True)
    with transaction.atomic():
        record = _open_record(circle_id, lang=plan.lang, at=at)
        if anchor_id is None:
            anchor = Anchor(record=record, trial=_trial(record, plan.trial_id))
        else:
            anchor = anchor_led(acting=acting, circle_id=circle_id, anchor_id=anchor_id)
        anchor.text, anchor.lang, anchor.kind = kept, plan.lang, plan.kind
        anchor.for_leader = plan.for_leader
        _lay(anchor, plan, today=today_at(record.circle, at=at))
        anchor.save()
        _open_up(record)
        _record("closing.placed", record.circle, acting, at, anchor=anchor.id, kind=anchor.kind)
    return anchor


def take_anchor_away(*, acting: Person, circle_id: uuid.UUID, anchor_id: uuid.UUID, at: datetime) -> None:
    """Take a line out of the record. The record is then no longer finished.

    Raises:
        Refused: ``closing.fixed``. NotFound: no such line for this facilitator.

    """
    anchor_led(acting=acting, circle_id=circle_id, anchor_id=anchor_id)
    with transaction.atomic():
        record = _open_record(circle_id, lang="", at=at)
        Anchor.objects.filter(id=anchor_id, record=record).delete()
        _open_up(record)
        _record("closing.taken_away", record.circle, acting, at, anchor=anchor_id)


def keep_inside(*, acting: Person, circle_id: uuid.UUID, anchor_id: uuid.UUID, at: datetime) -> Anchor:
    """Keep a line from the leader: one member is enough, and who it was is kept nowhere, so there is no audit row.

    Raises:
        Refused: ``closing.seen`` once leaders see it. NotFound: no such line for this member.

    """
    anchor_for(person=acting, circle_id=circle_id, anchor_id=anchor_id)
    with transaction.atomic():
        circle = _locked(circle_id)
        if is_seen_around(circle, ending_of(circle), today=today_at(circle, at=at)):
            raise Refused(
                "closing.seen",
                _("The leader sees this line already."),
                _("Talk to the facilitator about it."),
                status=409,
            )
        anchor = anchor_for(person=acting, circle_id=circle_id, anchor_id=anchor_id)
        anchor.for_leader = False
        anchor.save(update_fields=["for_leader"])
    return anchor


def say_how_it_goes_on(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    goes_on: str,
    lang: str,
    at: datetime,
    form: str = "",
    celebrate: str = "",
) -> ClosingRecord:
    """Keep whether the circle goes on and in what form, and what it celebrates. The record is then no longer finished.

    Raises:
        Refused: ``closing.goes_on``; ``closing.form`` when it goes on in another form and nothing says in which;
            ``closing.fixed``; as for notes.
        NotFound: this person does not facilitate the circle.

    """
    circle_led(acting=acting, circle_id=circle_id)
    if goes_on not in GoesOn.values:
        raise _choose("goes_on", _("Choose how it goes on."))
    kept = words_for_circle(form, most=MOST_LINE, is_sure=True, may_be_empty=True)
    if goes_on == GoesOn.OTHER_FORM and not kept:
        raise _choose("form", _("Say in a few words in what form."))
    joy = words_for_circle(celebrate, most=MOST_LINE, is_sure=True, may_be_empty=True)
    with transaction.atomic():
        record = _open_record(circle_id, lang=lang, at=at)
        record.goes_on, record.form, record.celebrate, record.lang = goes_on, kept, joy, lang
        record.save(update_fields=["goes_on", "form", "celebrate", "lang"])
        _open_up(record)
        _record("closing.goes_on", record.circle, acting, at, goes_on=goes_on)
    return record


def finish_record(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> ClosingRecord:
    """Keep that the group stands by its record. Saying it twice changes nothing; any change takes it back.

    Raises:
        Refused: ``closing.goes_on`` before it says how the circle goes on; ``closing.fixed``.
        NotFound: this person does not facilitate the circle.

    """
    circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        record = _open_record(circle_id, lang="", at=at)
        if not record.goes_on:
            raise Refused(
                "closing.goes_on",
                _("The closing does not say yet how the circle goes on."),
                _("Choose that first. “It ends here” is an answer too."),
                facts={"field": "goes_on"},
                status=409,
            )
        if record.finished_on is None:
            record.finished_on = today_at(record.circle, at=at)
            record.save(update_fields=["finished_on"])
            _record("closing.finished", record.circle, acting, at, goes_on=record.goes_on)
    return record


def turn_at_the_end(*, circle: Circle, to: str, at: datetime) -> None:
    """Do what belongs to a circle's step into its follow-up, back from it, or out of it.

    Must run inside the transaction of the change, with the circle locked and still in the phase it leaves.

    Raises:
        Refused: ``circles.closing_missing`` without a finished record; ``circles.followed_up`` for a way back after a
            follow-up was answered; ``circles.follow_up_open`` for a close before the last one was.

    """
    way = (circle.state, to)
    if way == (CircleState.CLOSING, CircleState.FOLLOWUP):
        _fix(circle, at=at)
    elif way == (CircleState.FOLLOWUP, CircleState.CLOSING):
        _unfix(circle)
    elif way == (CircleState.FOLLOWUP, CircleState.CLOSED):
        _must_be_followed_up(circle)


def _fix(circle: Circle, *, at: datetime) -> None:
    record = ClosingRecord.objects.select_for_update().filter(circle=circle).first()
    if record is None or record.finished_on is None:
        raise Refused(
            "circles.closing_missing",
            _("Close the circle together first."),
            _(
                "The closing takes a few minutes. It says what stays, where it lies and how the circle goes on."
            ),
            status=409,
        )
    record.fixed_on = max(today_at(circle, at=at), record.finished_on)
    record.save(update_fields=["fixed_on"])
    days = due_days(record.fixed_on)
    FollowUp.objects.bulk_create(
        [FollowUp(circle=circle, months=months, due_on=day) for months, day in days.items()]
    )


def _unfix(circle: Circle) -> None:
    found = FollowUp.objects.filter(circle=circle)
    if found.filter(answered_on__isnull=False).exists():
        raise Refused(
            "circles.followed_up",
            _("The circle has been looked back at, so its closing stays as it is."),
            status=409,
        )
    for one in found:
        outbox.take_out(about=one.id, kind=MailKind.FOLLOW_UP)
    found.delete()
    ClosingRecord.objects.filter(circle=circle).update(fixed_on=None)


def _must_be_followed_up(circle: Circle) -> None:
    if FollowUp.objects.filter(circle=circle, months=MONTHS[-1], answered_on__isnull=True).exists():
        raise Refused(
            "circles.follow_up_open",
            _("One look back is still to come."),
            _("The circle closes after it. “We do not know” is an answer too."),
            status=409,
        )


def _locked(circle_id: uuid.UUID) -> Circle:
    return Circle.objects.select_for_update(of=("self",)).select_related("workplace").get(id=circle_id)


def _open_record(circle_id: uuid.UUID, *, lang: str, at: datetime) -> ClosingRecord:
    """Return the record of a circle, locked; the first word makes it."""
    circle = _locked(circle_id)
    record = ClosingRecord.objects.filter(circle=circle).first()
    if not is_open(circle, record, today=today_at(circle, at=at)):
        if record is None:
            raise Refused(
                "closing.too_early",
                _("The circle has not come to its closing yet."),
                _("Go on to the phase “Closing” first."),
                status=409,
            )
        raise Refused("closing.fixed", _("The closing stands as it is."), status=409)
    record = record or ClosingRecord.objects.create(circle=circle, lang=lang or circle.language)
    record.circle = circle
    return record


def _open_up(record: ClosingRecord) -> None:
    if record.finished_on is not None:
        record.finished_on = None
        record.save(update_fields=["finished_on"])


def _trial(record: ClosingRecord, trial_id: uuid.UUID | None) -> Trial | None:
    if trial_id is None:
        return None
    trial = Trial.objects.filter(circle=record.circle, id=trial_id).first()
    if trial is None:
        raise NotFound("trials.none", _("There is no such trial here."), _("Go to your circle."))
    if Anchor.objects.filter(record=record, trial=trial).exists():
        raise Refused("closing.trial", _("The closing has a line about this trial already."), status=409)
    return trial


def _lay(anchor: Anchor, plan: AnchorPlan, *, today: date) -> None:
    """Let an anchor lie where the plan says; what is stopped lies nowhere, whatever the plan says."""
    if plan.kind not in AnchorKind.values:
        raise _choose("kind", _("Choose what becomes of it."))
    if plan.kind == AnchorKind.STOP:
        anchor.place, anchor.holder, anchor.look_again_on = "", "", None
        return
    if plan.place not in AnchorPlace.values:
        raise _choose("place", _("Choose where it is placed."))
    if plan.holder not in Holder.values:
        raise _choose("holder", _("Choose with whom it lies."))
    if plan.look_again_on is None or not today < plan.look_again_on <= today + FURTHEST:
        raise _choose("look_again_on", _("Choose a day to come, within two years."))
    anchor.place, anchor.holder, anchor.look_again_on = plan.place, plan.holder, plan.look_again_on


def _choose(field: str, words: object) -> Refused:
    return Refused(f"closing.{field}", words, facts={"field": field})


def _record(verb: str, circle: Circle, acting: Person, at: datetime, **facts: audit.Fact) -> None:
    audit.record(
        chain=circle.organisation_id, acting=acting.id, verb=verb, target=circle.id, facts=facts, at=at
    )

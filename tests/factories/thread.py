"""What a circle lets out of its room: circles, notes with receipts, themes, trials, approved items and readers."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import transaction

from sirkel.circles.domain import releasing, sharing
from sirkel.circles.enums import (
    Audience,
    MeetingState,
    MemberRole,
    RoundState,
    ShareState,
    StepKind,
    TrialDecision,
    TrialState,
)
from sirkel.circles.models import Circle, Meeting, Membership, Note, Round, ShareItem, Step, Theme, Trial
from sirkel.circles.rules.recognition import QUESTIONS
from sirkel.circles.rules.tokens import new_secret, receipt_hash
from sirkel.kernel import clock
from sirkel.kernel.ids import new_receipt
from sirkel.kernel.live import open_room
from sirkel.network.models import ExperienceCard
from sirkel.people.enums import Area, Role, WorkplaceKind
from sirkel.people.models import Organisation, Person, RoleAssignment, Workplace
from sirkel.policy.domain import recommendations
from sirkel.policy.enums import Confidence
from sirkel.policy.models import Recommendation

MET_AT = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
_number = count(1)


def make_person(first_name: str = "Exempel") -> Person:
    """Return somebody with an account and no role."""
    return Person.objects.create_user(
        f"person{next(_number)}@example.org", first_name=first_name, family_name="Exempel"
    )


def give_role(
    person: Person,
    role: Role,
    *,
    organisation: Organisation | None = None,
    workplace: Workplace | None = None,
    is_past: bool = False,
) -> Person:
    """Give somebody a role that began long ago, and ended yesterday if ``is_past``."""
    RoleAssignment.objects.create(
        person=person,
        role=role,
        organisation=organisation or (workplace.organisation if workplace else None),
        workplace=workplace,
        valid_from=MET_AT - timedelta(days=400),
        valid_to=clock.now() - timedelta(days=1) if is_past else None,
    )
    return person


def make_reader(role: Role, **scope: object) -> Person:
    """Return somebody with one role."""
    return give_role(make_person(), role, **scope)


@dataclass
class RoomOfOwn:
    """A circle with one held meeting, its facilitator, and ways to write, try and share in it."""

    area: Area = Area.NO
    kind: WorkplaceKind = WorkplaceKind.NURSING_HOME
    number: int = 3
    people: int = 7
    organisation: Organisation = field(init=False)
    workplace: Workplace = field(init=False)
    circle: Circle = field(init=False)
    meeting: Meeting = field(init=False)
    facilitator: Person = field(init=False)
    writing: Round = field(init=False)
    sharing: Round = field(init=False)

    def __post_init__(self):
        name = next(_number)
        self.organisation = Organisation.objects.create(name=f"Eksempel kommune {name}", area=self.area)
        self.workplace = Workplace.objects.create(
            organisation=self.organisation, name=f"Prøvehjemmet {name}", kind=self.kind
        )
        self.circle = Circle.objects.create(
            organisation=self.organisation,
            workplace=self.workplace,
            name="Rolig kveld",
            purpose="Roligere kvelder",
            languages=["nb", "sv"],
        )
        self.facilitator = give_role(make_person(), Role.FACILITATOR, workplace=self.workplace)
        Membership.objects.create(circle=self.circle, person=self.facilitator, role=MemberRole.FACILITATOR)
        self.meeting = Meeting.objects.create(
            circle=self.circle,
            number=self.number,
            starts_at=MET_AT,
            method="meeting-90-middle",
            state=MeetingState.HELD,
            attendance_count=self.people,
        )
        open_room(room_id=self.meeting.id)
        self.writing = self._round("write", StepKind.WRITE, 0, RoundState.REVEALED)
        self.sharing = self._round("carry-out", StepKind.CARRY_OUT, 1, RoundState.OPEN)

    def _round(self, key, kind, position, state):
        step = Step.objects.create(meeting=self.meeting, position=position, key=key, kind=kind, minutes=10)
        secret = new_secret() if state == RoundState.OPEN else None
        return Round.objects.create(step=step, state=state, began_at=MET_AT, secret=secret)

    def note(self, text: str, *, theme: Theme | None = None, lang: str = "nb", **fields) -> tuple[Note, str]:
        """Return a note that the circle has seen, and its receipt."""
        receipt = new_receipt()
        note = Note.objects.create(
            round=self.writing,
            text=text,
            lang=lang,
            theme=theme,
            receipt_hash=receipt_hash(receipt),
            **fields,
        )
        return note, receipt

    def theme(self, title: str, *, is_chosen: bool = True) -> Theme:
        """Return a theme of the meeting."""
        return Theme.objects.create(
            circle=self.circle, meeting=self.meeting, title=title, lang="nb", is_chosen=is_chosen
        )

    def trial(self, what: str, *, theme: Theme | None = None, is_decided: bool = True) -> Trial:
        """Return a trial, kept with one sentence of learning unless it still runs."""
        return Trial.objects.create(
            circle=self.circle,
            meeting=self.meeting,
            theme=theme,
            what=what,
            who="to av oss",
            when="hver kveld",
            ends_on=date(2026, 4, 1),
            prediction="Det blir roligere",
            look_at="antall ringeklokker",
            stop_rule="noen blir urolige",
            lang="nb",
            state=TrialState.DECIDED if is_decided else TrialState.RUNNING,
            decision=TrialDecision.KEEP if is_decided else "",
            learning="Det tok ikke lengre tid." if is_decided else "",
        )

    def share(self, text: str, audience: Audience = Audience.NETWORK, **rests_on: object) -> ShareItem:
        """Return words that the circle let out, approved because nobody objected."""
        item = sharing.propose(
            acting=self.facilitator,
            meeting_id=self.meeting.id,
            text=text,
            lang="nb",
            audience=audience,
            **{f"{name}_id": thing.id for name, thing in rests_on.items()},
        )
        with transaction.atomic():
            sharing.settle_proposals(round_=self.sharing)
        item.refresh_from_db()
        if item.state == ShareState.WAITING:
            self.release(item)
        return item

    def release(self, item: ShareItem) -> None:
        """Let two of the circle look at words before they leave the organisation."""
        second = Person.objects.filter(
            memberships__circle=self.circle, memberships__role=MemberRole.PARTICIPANT
        ).first()
        if second is None:
            second = make_person()
            Membership.objects.create(circle=self.circle, person=second, role=MemberRole.PARTICIPANT)
        where = {"circle_id": self.circle.id, "item_id": item.id, "at": clock.now()}
        releasing.check(
            acting=self.facilitator, **where, answers=dict.fromkeys(QUESTIONS, "no"), has_looked=True
        )
        releasing.confirm(acting=second, **where)
        item.refresh_from_db()

    def card(self, text: str, audience: Audience = Audience.NETWORK, **rests_on: object) -> ExperienceCard:
        """Return the card of words that the circle let out."""
        return ExperienceCard.objects.get(share_item=self.share(text, audience, **rests_on))


def make_recommendation(
    writer: Person,
    *clauses: list[ExperienceCard],
    title: str = "Gi kvelden to hender",
    is_published: bool = True,
) -> Recommendation:
    """Return a recommendation with one clause per list of cards, written as a policy officer would."""
    made = recommendations.start(acting=writer, title=title, lang="nb", at=clock.now())
    for cards in clauses:
        clause = recommendations.write_clause(
            acting=writer,
            number=made.number,
            text=f"Råd nummer {next(_number)}",
            lang="nb",
            at=clock.now(),
        )
        for card in cards:
            recommendations.rest_on(
                acting=writer,
                number=made.number,
                letter=clause.letter,
                card_id=card.id,
                confidence=Confidence.MODERATE,
                at=clock.now(),
            )
    if is_published:
        recommendations.publish(acting=writer, number=made.number, at=clock.now())
    made.refresh_from_db()
    return made

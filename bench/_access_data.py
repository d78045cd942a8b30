"""Filling a database with organisations, their people, roles, circles and what circles let out: the same on every run.

Ten organisations follow each other in three sizes: seven of 25 units, two of 75 and one of 175, which makes 50 units and
500 people each on average. A workplace has five units and fifty people, everybody with a role: one leader, one
representative, four facilitators of the workplace, and in its units facilitators of today, of before and safety
representatives. One in ten holds a second role at another workplace.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sirkel.circles.models import Circle, Handover, LeaderCommitment, Meeting, Membership, ShareItem, Trial
from sirkel.kernel import audit
from sirkel.kernel.models import AuditEvent, AuditHead
from sirkel.network.models import ExperienceCard
from sirkel.people.enums import Role
from sirkel.people.models import (
    Network,
    Organisation,
    Person,
    Programme,
    RoleAssignment,
    Unit,
    UnitPlacement,
    Workplace,
)
from sirkel.policy.models import Clause, ClauseSupport, Recommendation

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
LONG_AGO, LAST_YEAR = AT - timedelta(days=900), AT - timedelta(days=300)
UNITS_OF = (25, 25, 25, 75, 25, 25, 175, 25, 75, 25)
UNITS_OF_WORKPLACE, PEOPLE_OF_WORKPLACE, CIRCLES_OF_WORKPLACE = 5, 50, 2
MEMBERS, MEETINGS, LEAVES_AUDIT = 7, 6, 20
AUDIENCES = ("colleagues", "colleagues", "organisation", "organisation", "organisation", "network", "public")
RECOMMENDATIONS = 40
VERBS = ("role.given", "circle.created", "meeting.planned", "commitment.written")
_BATCH = 4_000


@dataclass(frozen=True)
class Staff:
    """A workplace with its units and people; the first six lead, represent and facilitate it."""

    workplace: Workplace
    units: list[Unit]
    people: list[Person]


class Filling:
    """Adds organisations to a database, the first of all with what belongs to the whole installation."""

    def __init__(self) -> None:
        self.number = 0
        self.rows = {"organisations": 0, "workplaces": 0, "units": 0, "people": 0, "roles": 0, "circles": 0}
        self.rows |= {"memberships": 0, "meetings": 0, "cards": 0, "audit_rows": 0}

    def up_to(self, organisations: int) -> None:
        """Add organisations until there are so many."""
        if self.number == 0:
            self._everywhere()
        while self.number < organisations:
            if self.number % 100 == 0:
                network = Network.objects.create(name=f"Network {self.number // 100}")
                self.programmes = Programme.objects.bulk_create(
                    Programme(network=network, name=f"Programme {one}") for one in range(4)
                )
                self._coordinators(network)
            self._organisation()
            self.number += 1

    def _everywhere(self) -> None:
        """Give the installation its researchers and policy officers, and recommendations."""
        people = self._people("house", 40)
        for place, person in enumerate(people):
            role = (Role.RESEARCHER, Role.POLICY)[place % 2]
            self._role(person, role)
        self._write_roles()
        made = Recommendation.objects.bulk_create(
            Recommendation(
                number=number + 1,
                title="Let people sit down together",
                lang="en",
                state="published" if number % 5 else "draft",
                version=1 if number % 5 else 0,
                published_on=date(2026, 1, 5) if number % 5 else None,
            )
            for number in range(RECOMMENDATIONS)
        )
        self.clauses = Clause.objects.bulk_create(
            Clause(recommendation=one, letter=letter, text="Keep an hour free.", lang="en")
            for one in made
            for letter in "abc"
        )

    def _coordinators(self, network: Network) -> None:
        for person in self._people(f"network{network.name[-1]}", 10):
            self._role(person, Role.COORDINATOR, network=network)
        self._write_roles()

    def _people(self, where: str, count: int) -> list[Person]:
        made = [
            Person(email=f"{where}.{one}@demo.invalid", first_name=f"Person {one}", family_name=where)
            for one in range(count)
        ]
        self.rows["people"] += count
        return Person.objects.bulk_create(made, batch_size=_BATCH)

    _held: list[RoleAssignment]

    def _role(self, person: Person, role: Role, *, ended: bool = False, **place: object) -> None:
        self.__dict__.setdefault("_held", []).append(
            RoleAssignment(
                person=person,
                role=role,
                valid_from=LONG_AGO,
                valid_to=LAST_YEAR if ended else None,
                **place,
            )
        )

    def _write_roles(self) -> None:
        self.rows["roles"] += len(self._held)
        RoleAssignment.objects.bulk_create(self._held, batch_size=_BATCH)
        self._held.clear()

    def _organisation(self) -> None:
        chance = random.Random(f"organisation {self.number}")  # noqa: S311 -- the same on every run, no secret
        organisation = Organisation.objects.create(
            programme=self.programmes[self.number % 4], name=f"Organisation {self.number}", area="NO"
        )
        self.rows["organisations"] += 1
        staffs = self._workplaces(organisation, UNITS_OF[self.number % len(UNITS_OF)])
        for person in self._people(f"top{self.number}", 2):
            self._role(person, Role.ADMINISTRATOR, organisation=organisation)
        for staff in staffs:
            self._roles_at(organisation, staff, chance.choice(staffs), chance)
        self._write_roles()
        self._circles(organisation, staffs, chance)
        self._trail(organisation, staffs)

    def _workplaces(self, organisation: Organisation, units: int) -> list[Staff]:
        places = Workplace.objects.bulk_create(
            Workplace(organisation=organisation, name=f"Workplace {number}", kind="home_care")
            for number in range(units // UNITS_OF_WORKPLACE)
        )
        made = Unit.objects.bulk_create(
            Unit(workplace=place, name=f"Unit {number}")
            for place in places
            for number in range(UNITS_OF_WORKPLACE)
        )
        UnitPlacement.objects.bulk_create(
            UnitPlacement(unit=unit, workplace=unit.workplace, valid_from=LONG_AGO) for unit in made
        )
        people = self._people(f"o{self.number}", len(places) * PEOPLE_OF_WORKPLACE - (2 if places else 0))
        self.rows["workplaces"] += len(places)
        self.rows["units"] += len(made)
        return [
            Staff(
                place,
                made[number * UNITS_OF_WORKPLACE : (number + 1) * UNITS_OF_WORKPLACE],
                people[number * PEOPLE_OF_WORKPLACE : (number + 1) * PEOPLE_OF_WORKPLACE],
            )
            for number, place in enumerate(places)
        ]

    def _roles_at(
        self, organisation: Organisation, staff: Staff, other: Staff, chance: random.Random
    ) -> None:
        here = {"organisation": organisation, "workplace": staff.workplace}
        kinds = [Role.LEADER, Role.UNION, *[Role.FACILITATOR] * 4]
        for person, role in zip(staff.people, kinds, strict=False):
            self._role(person, role, **here)
        for place, person in enumerate(staff.people[len(kinds) :]):
            unit = staff.units[place % UNITS_OF_WORKPLACE]
            role = Role.UNION if place % 3 == 0 else Role.FACILITATOR
            self._role(person, role, ended=place % 3 == 1, unit=unit, **here)
            if chance.random() < 0.1:
                self._role(person, Role.FACILITATOR, organisation=organisation, workplace=other.workplace)

    def _circles(self, organisation: Organisation, staffs: list[Staff], chance: random.Random) -> None:
        circles, members = [], []
        for staff in staffs:
            for number in range(CIRCLES_OF_WORKPLACE):
                circle = Circle(
                    organisation=organisation,
                    workplace=staff.workplace,
                    name=f"Circle {number}",
                    purpose="To learn from each other",
                    languages=["nb"],
                    state="cocreating",
                )
                circles.append(circle)
                chosen = [staff.people[2 + number], *chance.sample(staff.people[6:], MEMBERS - 1)]
                members += [
                    Membership(circle=circle, person=person, role="participant" if place else "facilitator")
                    for place, person in enumerate(chosen)
                ]
        Circle.objects.bulk_create(circles)
        Membership.objects.bulk_create(members, batch_size=_BATCH)
        meetings = Meeting.objects.bulk_create(_meetings(circles), batch_size=_BATCH)
        self.rows["circles"] += len(circles)
        self.rows["memberships"] += len(members)
        self.rows["meetings"] += len(meetings)
        LeaderCommitment.objects.bulk_create(_commitment(circle) for circle in circles)
        trials = Trial.objects.bulk_create(_trial(circle) for circle in circles)
        self._let_out(circles, meetings[::MEETINGS], trials, chance)

    def _let_out(
        self, circles: list[Circle], first: list[Meeting], trials: list[Trial], chance: random.Random
    ) -> None:
        """Give each circle a line to its leader and a card with the audience that chance gives it."""
        items = ShareItem.objects.bulk_create(
            ShareItem(
                circle=circle,
                meeting=meeting,
                trial=trial,
                text="We sat down.",
                lang="nb",
                audience=chance.choice(AUDIENCES),
                state="approved",
            )
            for circle, meeting, trial in zip(circles, first, trials, strict=True)
        )
        cards = ExperienceCard.objects.bulk_create(_card(item) for item in items)
        self.rows["cards"] += len(cards)
        Handover.objects.bulk_create(
            Handover(
                circle=circle,
                trial=trial,
                text="We need a room.",
                lang="nb",
                state="sent",
                sent_on=date(2026, 2, 20),
                due_on=date(2026, 3, 6),
            )
            for circle, trial in zip(circles, trials, strict=True)
        )
        if self.number < 50:
            public = [card for card in cards if card.audience in {"network", "public"}]
            ClauseSupport.objects.bulk_create(
                ClauseSupport(
                    clause=chance.choice(self.clauses),
                    card=card,
                    decided_as="policy",
                    decided_on=date(2026, 2, 1),
                    confidence="moderate",
                )
                for card in public[:2]
            )

    def _trail(self, organisation: Organisation, staffs: list[Staff]) -> None:
        """Chain audit rows as ``audit.record`` does, without its statement per row."""
        chained: list[AuditEvent] = []
        for staff in staffs:
            for place in range(LEAVES_AUDIT):
                row = AuditEvent(
                    chain=organisation.id,
                    sequence=len(chained) + 1,
                    at=LAST_YEAR + timedelta(minutes=len(chained)),
                    actor=staff.people[0].id,
                    verb=VERBS[place % len(VERBS)],
                    target=staff.workplace.id,
                    facts={"person": str(staff.people[place].id)},
                    previous_hash=chained[-1].hash if chained else audit.GENESIS,
                )
                row.hash = audit.hash_of(row)
                chained.append(row)
        AuditEvent.objects.bulk_create(chained, batch_size=_BATCH)
        AuditHead.objects.create(chain=organisation.id, length=len(chained), hash=chained[-1].hash)
        self.rows["audit_rows"] += len(chained)


def _meetings(circles: list[Circle]) -> Iterator[Meeting]:
    for circle in circles:
        for number in range(1, MEETINGS + 1):
            is_held = number <= MEETINGS // 2
            yield Meeting(
                circle=circle,
                number=number,
                starts_at=AT + timedelta(days=14 * (number - MEETINGS // 2) - 3),
                method="meeting-90-middle",
                state="held" if is_held else "planned",
                attendance_count=6 if is_held else None,
            )


def _commitment(circle: Circle) -> LeaderCommitment:
    return LeaderCommitment(
        circle=circle, version=1, participants=8, meetings=6, meeting_minutes=90, facilitators=1,
        preparation_minutes=60, cover="Others step in.", mandate="Small trials.", answer_days=10,
        promises=[], afterwards="We look together.", lang="nb", written_at=LAST_YEAR,
    )  # fmt: skip


def _trial(circle: Circle) -> Trial:
    return Trial(
        circle=circle, what="Sit down after lunch", prediction="Fewer calls", ends_on=date(2026, 3, 20),
        stop_rule="When it is too much", lang="nb", state="running",
    )  # fmt: skip


def _card(item: ShareItem) -> ExperienceCard:
    circle = item.circle
    is_inside = item.audience in {"colleagues", "organisation"}
    return ExperienceCard(
        id=uuid.uuid5(uuid.NAMESPACE_OID, str(item.id)),
        share_item=item,
        organisation=circle.organisation,
        workplace=circle.workplace if is_inside else None,
        text=item.text,
        lang=item.lang,
        audience=item.audience,
        kind="home_care",
        area="NO",
        meeting_number=1,
        shared_in=date(2026, 1, 1),
    )

"""Which words of which field each role may meet: a mark in every field that tells of somebody, looked for in every answer.

The fields come from the register of personal data: every one that it says leads to a person or holds words is marked, row by
row, and whoever adds one there has it tried at every address for every role. Who may meet a mark follows from the register's
recipients, from the house (organisation) the row is in, and from whose row it is.
"""

import base64
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.db import IntegrityError, models, transaction

from sirkel.circles.domain import private_log
from sirkel.circles.models import (
    AccessAsked,
    AccessTally,
    Ballot,
    Circle,
    CommitmentComment,
    Concern,
    LeaderCommitment,
    LineObjection,
    Membership,
    Participant,
    PulseAnswer,
    Round,
    Trial,
    TrialLog,
    TrialLook,
    VoiceRun,
    VoiceTag,
    VoiceWindow,
)
from sirkel.circles.queries.belonging import OPENED_BY
from sirkel.config import row_security
from sirkel.config.register.gather import register, room_of
from sirkel.kernel import clock
from sirkel.kernel.models import Tries
from sirkel.kernel.register import DataClass, Recipient
from sirkel.people.models import Identity, Person, RoleAssignment
from sirkel.people.queries.identities import subjects_of
from tests.people.web.matrix_world import World

HERE = frozenset({"phone", "facilitator", "leader", "union", "administrator"})
THERE = frozenset({"other_phone", "elsewhere"})
# Who is meant by a recipient, in the house a row belongs to.
MEANT: dict[Recipient, frozenset[str]] = {
    Recipient.CIRCLE: frozenset({"phone", "facilitator", "other_phone", "elsewhere"}),
    Recipient.FACILITATORS: frozenset({"facilitator", "elsewhere"}),
    Recipient.WORKPLACE: frozenset({"leader", "union"}),
    Recipient.ADMINISTRATORS: frozenset({"administrator"}),
}
PASSWORD = "people.Person.password"
# What signs somebody in is looked for as it is: a mark in its place would sign them out.
AS_IT_IS = {PASSWORD, "people.Session.session_data"}
PHONES = frozenset({"phone", "other_phone"})
# Fields that fewer may meet than their class says. Whoever owns a row may meet all of it but its secrets.
FEWER: dict[str, frozenset[str]] = {
    "circles.InboxNote.text": PHONES,  # its own phone alone, until it is shown
    "circles.InboxNote.signed_name": PHONES,
    "circles.Challenge.signed_name": MEANT[Recipient.CIRCLE],
    "circles.Meeting.link": MEANT[Recipient.CIRCLE],
    "people.Person.email": frozenset({"administrator"}),
    "people.Person.family_name": frozenset({"administrator"}),
    PASSWORD: frozenset(),
}
# First parts of addresses that open what they name to whoever holds them, and the fields that are met behind them.
HELD = (OPENED_BY.keys() - {"m", "privacy"}) | {"demo"}
BEHIND_AN_ADDRESS = {
    "circles.Circle.name",
    "circles.Circle.purpose",
    "circles.Meeting.place",
    "circles.Meeting.link",
    "circles.Handover.text",
    "circles.Trial.what",
    "circles.Trial.smallest_step",
    "circles.Trial.where",
    "circles.Trial.who",
    "circles.Trial.when",
    "circles.Trial.prediction",
    "circles.Trial.look_at",
    "circles.Trial.stop_rule",
    "circles.Trial.counted",
    "people.Person.first_name",
}
# Fields that lead to somebody or hold words and get no mark of their own, and why.
UNMARKED = {
    "circles.Step.prompt": "a text of the method, by language; its form is fixed",
    "circles.Step.hint": "as above",
    "circles.Step.say": "as above",
    "circles.PulseSummary.words": "words of a whole circle, told to it alone; its form is fixed",
    "kernel.AuditEvent.facts": "numbers, states and ids, which the trail holds every row to",
    "django_tasks_database.DBTaskResult.args_kwargs": "ids, which a worker reads; its form is fixed",
    "django_tasks_database.DBTaskResult.return_value": "as above",
    "people.Mail.key": "what a mail is about, by ids; read by the worker",
    "kernel.TaskKey.key": "as above",
}
FORMS = {
    "circles.WorkingAgreement.items": lambda mark: [mark],
    "mfa.Authenticator.data": lambda mark: {"secret": mark},
}
"""What a field that is no text looks like with a mark in it."""
# Fields that no row of the world can have a mark in, so that nothing is looked for.
_FIXED, _NONE = "the database fixes it in every row of the world", "no row of the world has one"
WITHOUT_A_MARK = {
    "circles.Anchor.text": _FIXED,
    "circles.ClosingRecord.celebrate": _FIXED,
    "circles.ClosingRecord.form": _FIXED,
    "circles.FollowUp.words": _FIXED,
    "circles.Handover.other_body": _FIXED,
    "circles.InboxNote.signed_name": _FIXED,
    "circles.LeaderCommitment.afterwards": _FIXED,
    "circles.LeaderCommitment.cover": _FIXED,
    "circles.LeaderCommitment.mandate": _FIXED,
    "circles.Note.signed_name": _FIXED,
    "circles.Participant.client_hash": _NONE,
    "django_tasks_database.DBTaskResult.traceback": _NONE,
    "people.SetUpCode.code_hash": _NONE,
}
# Parts of addresses that are secrets of somebody, and who may meet them on other pages.
ADDRESSES = {
    **dict.fromkeys(("answer", "leave", "mail_off", "feed", "demo"), frozenset[str]()),
    **dict.fromkeys(
        ("invitation", "join_link", "log_link", "poster_link", "inbox_link", "room", "join"),
        frozenset({"facilitator"}),
    ),
}


@dataclass
class Mark:
    """A value that stands in one field of one row and nowhere else, and the roles that may meet it."""

    label: str
    values: tuple[bytes, ...]
    may_meet: frozenset[str]
    is_behind_an_address: bool = False


@dataclass
class Marks:
    """All marks of a world, and who met one: rightly, and wrongly."""

    marks: list[Mark] = field(default_factory=list)
    met: set[tuple[str, str]] = field(default_factory=set)
    wrongly: set[tuple[str, str, str]] = field(default_factory=set)

    def look(self, route: str, role: str, body: bytes) -> None:
        """Look for every mark in what was answered to a role."""
        is_held = route.partition("/")[0] in HELD
        for mark in self.marks:
            if any(value in body for value in mark.values):
                self.met.add((mark.label, role))
                if role not in mark.may_meet and not (is_held and mark.is_behind_an_address):
                    self.wrongly.add((mark.label, role, route))

    def fields(self) -> set[str]:
        """Return the fields in which a mark stands."""
        return {mark.label for mark in self.marks}


def put_marks(world: World) -> Marks:
    """Write a mark into every field that tells of somebody, in every row of a world."""
    _rows_of_which_there_are_none(world)
    found, houses = Marks(), Houses(world)
    for label, one, data_class in telling():
        for row in one.model._default_manager.all():
            values = _read(row, one) if isinstance(one, models.BinaryField) else _written(row, one)
            if values:
                who = houses.may_meet(data_class, label, one, row)
                found.marks.append(Mark(label, values, who, label in BEHIND_AN_ADDRESS))
    for name, who in ADDRESSES.items():
        found.marks.append(Mark(f"the address {name}", (str(world.parts[name]).encode(),), who, True))
    facilitator, words = world.people["facilitator"], _new()
    private_log.write(acting=facilitator, text=words, at=clock.now())
    found.marks.append(Mark("the private log, opened", (words.encode(),), frozenset({"facilitator"})))
    return found


def telling() -> Iterator[tuple[str, models.Field, DataClass]]:
    """Yield the fields that are marked: what tells of somebody and is not for everybody, and every seal and hash."""
    for data_class in register():
        for rows in data_class.rows:
            model = apps.get_model(rows.model if "." in rows.model else f"{room_of(data_class)}.{rows.model}")
            for name in rows.fields():
                one = model._meta.get_field(name)
                label = f"{model._meta.label}.{name}"
                is_told = name in rows.tells.split() and Recipient.PUBLIC not in data_class.recipients
                if isinstance(one, models.BinaryField) or label in FEWER or (is_told and _holds_words(one)):
                    yield label, one, data_class


def _holds_words(one: models.Field) -> bool:
    """Tell whether a field holds text: keys, ids and choices lead to somebody, but say nothing by themselves."""
    is_text = isinstance(one, models.CharField | models.TextField | models.JSONField) and not one.choices
    return is_text and f"{one.model._meta.label}.{one.name}" not in UNMARKED


def _new() -> str:
    return f"zq{uuid.uuid4().hex[:10]}qz"


def _written(row: models.Model, one: models.Field) -> tuple[bytes, ...]:
    """Write a new value into a field; nothing where the database itself keeps it from having one in this row."""
    label = f"{one.model._meta.label}.{one.name}"
    if label in AS_IT_IS:
        return (getattr(row, one.name).encode(),)
    mark = _new()
    forms = {models.EmailField: "{}@example.org".format, models.URLField: "https://{}.example.org/".format}
    value = FORMS.get(label, forms.get(type(one), str))(mark)
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**{one.name: value})
    except IntegrityError:
        return ()
    return (mark.encode(),)


def _read(row: models.Model, one: models.Field) -> tuple[bytes, ...]:
    """Return a seal or a hash as it could be written out: in hexadecimal, in base 64."""
    data = bytes(getattr(row, one.name) or b"")
    both = (base64.b64encode(data), base64.urlsafe_b64encode(data))
    return (data.hex().encode(), *(text.rstrip(b"=") for text in both)) if data else ()


def _rows_of_which_there_are_none(world: World) -> None:
    """Add a row to tables that no role of the world needs, so that their fields are looked for, too."""
    member, at = Person.objects.get(first_name="Aino"), clock.now()
    circle, trial = Circle.objects.get(id=world.parts["circle"]), Trial.objects.get(id=world.parts["over"])
    round_ = Round.objects.filter(step__meeting=world.parts["held"]).first()
    commitment = LeaderCommitment.objects.get(circle=circle)
    sealed = {"secret": _bytes(), "sealed": _bytes()}
    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={})
    issuer = "https://id.example"
    subject = subjects_of(issuer, "aino")[0]
    Identity.objects.create(person=member, issuer=issuer, subject=subject, linked_on=at.date())
    EmailAddress.objects.create(user=member, email=member.email)
    tried = {"user_agent": "", "http_accept": "", "path_info": "", "username": ""}
    AccessAttempt.objects.create(**tried, get_data="", post_data="", failures_since_start=1)
    AccessFailureLog.objects.create(**tried)
    AccessLog.objects.create(**tried)
    Tries.objects.create(who=_bytes(), until=at + timedelta(hours=1))
    AccessAsked.objects.create(round=round_, token=_bytes())
    Ballot.objects.create(round=round_, token=_bytes(), picks=[])
    PulseAnswer.objects.create(round=round_, token=_bytes(), word="-", lang="nb")
    TrialLog.objects.create(
        trial=trial, client_hash=_bytes(), kind="hindered", text="-", lang="nb", day=at.date()
    )
    TrialLook.objects.create(
        trial=trial, meeting=round_.step.meeting, happened="-", decision="keep", learning="-", lang="nb"
    )
    LineObjection.objects.create(handover_id=world.parts["line_asked"], client_hash=_bytes())
    Concern.objects.create(circle=circle, raised_by=member, text="-", raised_at=at)
    CommitmentComment.objects.create(commitment=commitment, author=member, text="-", said_at=at)
    AccessTally.objects.create(workplace=circle.workplace, kind="came", period="2026Q1", **sealed)
    run = VoiceRun.objects.create(meeting=round_.step.meeting, **sealed)
    VoiceTag.objects.create(run=run, blind=_bytes(), sealed=_bytes())
    VoiceWindow.objects.create(circle=circle, first_meeting=1, **sealed)


def _bytes() -> bytes:
    return secrets.token_bytes(32)


class Houses:
    """Whose a row is, and in which of the two organisations of a world it lies."""

    def __init__(self, world: World) -> None:
        self.ways = {kept.model: kept for kept in row_security.kept_apart()}
        self.here = world.parts["organisation"]
        self.roles = {person.id: role for role, person in world.people.items()}

    def may_meet(
        self, data_class: DataClass, label: str, one: models.Field, row: models.Model
    ) -> frozenset[str]:
        """Return the roles that may meet a field of a row on a page of their own."""
        if isinstance(one, models.BinaryField) or label == PASSWORD:
            return frozenset()
        meant = frozenset().union(*(MEANT.get(each, frozenset()) for each in data_class.recipients))
        meant = FEWER.get(label, meant)
        houses = self.houses_of(row)
        near = (HERE if self.here in houses else frozenset()) | (
            THERE if houses - {self.here} else frozenset()
        )
        return (meant & near) | frozenset(self.owners(row))

    def owners(self, row: models.Model) -> Iterator[str]:
        """Yield the roles whose own row it is."""
        ways = [one.name for one in row._meta.local_fields if one.related_model is Person]
        people = [row] if isinstance(row, Person) else [getattr(row, name) for name in ways]
        yield from (self.roles[person.id] for person in people if person and person.id in self.roles)

    def houses_of(self, row: models.Model) -> set[uuid.UUID]:
        """Return the organisations a row belongs to; a person belongs where they have a role or a circle."""
        if isinstance(row, Person):
            return {
                *Membership.objects.filter(person=row).values_list("circle__organisation", flat=True),
                *Participant.objects.filter(person=row).values_list("circle__organisation", flat=True),
                *RoleAssignment.objects.filter(person=row, organisation__isnull=False).values_list(
                    "organisation", flat=True
                ),
            }
        while (way := self.ways.get(type(row))) is not None:
            value = getattr(row, way.column)
            if way.parent is None:
                return {value}
            row = way.parent._default_manager.get(pk=value)
        return set()

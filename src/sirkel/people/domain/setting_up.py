"""Setting up an empty installation in the browser: once, by whoever has the code that the server printed."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import NotFound, Refused, TooMany
from sirkel.kernel.ids import readable_code
from sirkel.kernel.limits import Limit, asker_of_address
from sirkel.kernel.tries import SharedLimit
from sirkel.people.domain.inviting import post_invitations
from sirkel.people.domain.role_checks import Newcomer, account_for
from sirkel.people.enums import Area, Role
from sirkel.people.models import Network, Organisation, Person, Programme, RoleAssignment, SetUpCode

_LETTERS, _GROUP, _QUARTER = 16, 4, 15 * 60
BY_ADDRESS = Limit("set_up:address", most=10, within_seconds=_QUARTER, wait_seconds=_QUARTER)
BY_ALL = SharedLimit("set_up:all", most=50)


@dataclass(frozen=True)
class SetUpPlan:
    """What an installation begins with. ``area`` is one of ``enums.Area``; the programme may be empty."""

    network: str
    programme: str
    organisation: str
    area: str
    administrator: Newcomer


def is_open() -> bool:
    """Tell whether this installation waits to be set up: it is empty, no demo, and has printed a code."""
    return not settings.DEMO and SetUpCode.objects.exists() and _is_empty()


def new_code() -> str | None:
    """Make the code of an empty installation anew and return it, in groups; None where there is nothing to set up.

    The code that was printed before counts no more: only its hash was kept.
    """
    with transaction.atomic():
        SetUpCode.objects.all().delete()
        if settings.DEMO or not _is_empty():
            return None
        code = readable_code(_LETTERS)
        SetUpCode.objects.create(code_hash=_hash(code))
    return "-".join(code[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def set_up(*, code: str, plan: SetUpPlan, address: str, at: datetime) -> Organisation:
    """Make network, programme, organisation and the first administrator, and close the set-up for good.

    Of two who send the right code at once, one deletes its row; the other finds nothing to set up any more.

    Args:
        code: as it was typed: blanks, hyphens and small letters do not matter.
        plan: what to begin with.
        address: the network address that asks; wrong codes of one address are counted, and kept nowhere.
        at: now.

    Raises:
        NotFound: it is set up already, or waits for no code.
        Refused: ``set_up.code``; ``set_up.network``, ``set_up.organisation``, ``set_up.area``; as for accounts.
        TooMany: ``set_up.wait``.

    """
    asker = asker_of_address(address)
    if BY_ADDRESS.must_wait(asker):
        raise TooMany("set_up.wait", _("That was many wrong tries."), _("Wait a quarter of an hour."))
    if not BY_ALL.take(""):
        raise TooMany("set_up.wait", _("That was many wrong tries."), _("Wait an hour."))
    with transaction.atomic():
        row = SetUpCode.objects.select_for_update().first()
        if row is None or not is_open():
            raise NotFound("set_up.done", _("There is no such page."))
        if not hmac.compare_digest(bytes(row.code_hash), _hash(code)):
            BY_ADDRESS.miss(asker)
            raise Refused(
                "set_up.code",
                _("This is not the code that the server printed."),
                _("It stands where Sirkel was started. Starting it again prints a new one."),
                facts={"field": "code"},
            )
        if not SetUpCode.objects.filter(id=row.id).delete()[0]:
            raise NotFound("set_up.done", _("There is no such page."))
        return _made(plan, at)


def add_organisation(
    *, name: str, area: str, administrator: Newcomer, programme: Programme | None, at: datetime
) -> Organisation:
    """Add an organisation with its first administrator, who is told by mail. For whoever runs the server.

    Raises:
        Refused: ``set_up.organisation``, ``set_up.area``; as for accounts.

    """
    plain = _named("organisation", name)
    if area not in Area.values:
        raise Refused("set_up.area", _("Choose one of the countries."), facts={"field": "area"})
    with transaction.atomic():
        organisation = Organisation.objects.create(name=plain, area=area, programme=programme)
        person = account_for(administrator)
        role = RoleAssignment.objects.create(
            person=person, role=Role.ADMINISTRATOR, organisation=organisation, valid_from=at
        )
        facts: audit.Facts = {"role": role.role, "person": person.id}
        for verb, target, said in (
            ("organisation.added", organisation.id, None),
            ("role.given", role.id, facts),
        ):
            audit.record(chain=organisation.id, acting=None, verb=verb, target=target, facts=said, at=at)
        post_invitations([role], at=at)
    return organisation


def _made(plan: SetUpPlan, at: datetime) -> Organisation:
    network = Network.objects.create(name=_named("network", plan.network))
    programme = None
    if plan.programme.strip():
        programme = Programme.objects.create(network=network, name=_named("programme", plan.programme))
    return add_organisation(
        name=plan.organisation, area=plan.area, administrator=plan.administrator, programme=programme, at=at
    )


def _named(field: str, words: str) -> str:
    name = " ".join(words.split())[:200]
    if not name:
        raise Refused(f"set_up.{field}", _("Write a name."), facts={"field": field})
    return name


def _is_empty() -> bool:
    return not Organisation.objects.exists() and not Person.objects.exists()


def _hash(code: str) -> bytes:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(b"sirkel.set-up:" + plain.encode()).digest()

"""What the demo shows of itself: who one can be in it, and which mails it wrote."""

import email
import email.policy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.utils.http import urlencode

from sirkel.people.enums import Role
from sirkel.people.models import Person, RoleAssignment
from sirkel.people.queries.roles import HOMES

SALT = "sirkel.demo-sign-in"
MAILS_SHOWN = 10
BETWEEN_MAILS = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class WayIn:
    """One invented person, what they are, and the address at which one becomes them."""

    name: str
    role: str
    place: str
    address: str


@dataclass(frozen=True)
class DemoMail:
    """A mail as its reader would see it. ``files`` are the names of what is attached."""

    to: str
    subject: str
    text: str
    sent_at: datetime | None
    files: tuple[str, ...]


def sign_in_address(person: Person, to: str) -> str:
    """Return the address at which anybody can act as this invented person."""
    return f"/demo/sign-in/{signing.dumps(str(person.id), salt=SALT)}/?{urlencode({'next': to})}"


def demo_ways_in(*, at: datetime) -> list[WayIn]:
    """Return the invented people with a role at a moment, in the order of the roles, then by place and name."""
    held = (
        RoleAssignment.objects.filter(person__is_demo=True, person__is_active=True, valid_from__lte=at)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))
        .select_related("person", "workplace", "organisation")
    )
    order = list(Role)
    ways = [
        (
            order.index(Role(one.role)),
            str(one.workplace or one.organisation or ""),
            one.person.first_name,
            one,
        )
        for one in held
    ]
    return [
        WayIn(
            name=f"{one.person.first_name} {one.person.family_name}".strip(),
            role=str(Role(one.role).label),
            place=place,
            address=sign_in_address(one.person, dict(HOMES).get(Role(one.role), "/circles/")),
        )
        for _order, place, _name, one in sorted(ways, key=lambda way: way[:3])
    ]


def last_mails(*, folder: Path | None = None) -> list[DemoMail]:
    """Return the newest mails that lie in the data folder, newest first; none when there is no such folder."""
    place = folder or Path(settings.EMAIL_FILE_PATH)
    if not place.is_dir():
        return []
    files = sorted(place.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[:MAILS_SHOWN]
    mails = [mail for file in files for mail in reversed(list(_mails_in(file)))]
    return mails[:MAILS_SHOWN]


def mails_to(address: str, *, folder: Path | None = None) -> Iterator[DemoMail]:
    """Yield the mails of the data folder to one address, newest first."""
    place = folder or Path(settings.EMAIL_FILE_PATH)
    for file in sorted(place.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True):
        yield from (mail for mail in reversed(list(_mails_in(file))) if mail.to == address)


def _mails_in(file: Path) -> Iterable[DemoMail]:
    for part in file.read_bytes().split(BETWEEN_MAILS):
        if not part.strip():
            continue
        message = email.message_from_bytes(part.strip(), policy=email.policy.default)
        body = message.get_body(preferencelist=("plain",))
        date = message["Date"]
        yield DemoMail(
            to=str(message["To"] or ""),
            subject=str(message["Subject"] or ""),
            text=body.get_content().strip() if body else "",
            sent_at=parsedate_to_datetime(str(date)) if date else None,
            files=tuple(name for each in message.iter_attachments() if (name := each.get_filename())),
        )

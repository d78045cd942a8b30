"""A facilitator's private log: written, read and deleted by its owner, and by nobody else in any way.

No verb takes anybody but the owner, and none writes an audit row or a line of the log file: that somebody wrote
after a meeting is theirs alone too.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.models import Meeting, PrivateLogEntry
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.private_log import must_keep_a_log
from sirkel.circles.rules import methods
from sirkel.circles.rules.sealing import seal
from sirkel.kernel.errors import NotFound
from sirkel.kernel.ids import new_id
from sirkel.people.domain.erasing import delete_for_good
from sirkel.people.models import Person
from sirkel.people.queries.mail import reach_of

MOST_WORDS = 4000


@dataclass(frozen=True)
class About:
    """What an entry is about: a circle, the number of a meeting of it, a question. Each may be missing."""

    circle_id: uuid.UUID | None = None
    meeting: int = 0
    question: str = ""


def write(*, acting: Person, text: str, at: datetime, about: About | None = None) -> PrivateLogEntry:
    """Write an entry into one's own log.

    Raises:
        Refused: as for notes. NotFound: ``log.none`` for somebody who facilitates nothing; as for a circle that
            this person does not facilitate.

    """
    must_keep_a_log(acting, at=at)
    about = about or About()
    kept = words_for_circle(text, most=MOST_WORDS, is_sure=True)
    zone = ZoneInfo(reach_of([acting.id], at=at)[acting.id].zone or "UTC")
    words = {
        "text": kept,
        "at": at.astimezone(zone).isoformat(),
        "circle": "",
        "name": "",
        "meeting": 0,
        "question": "",
    }
    if about.circle_id:
        circle = circle_led(acting=acting, circle_id=about.circle_id)
        words |= {"circle": str(circle.id), "name": circle.name}
        if Meeting.objects.filter(circle=circle, number=about.meeting).exists():
            words["meeting"] = about.meeting
    if about.question in {one.id for one in methods.log_questions()}:
        words["question"] = about.question
    entry_id = new_id()
    sealed = seal(
        json.dumps(words, ensure_ascii=False).encode(),
        key=settings.PRIVATE_LOG_KEYS[0],
        owner=acting.id,
        entry=entry_id,
    )
    return PrivateLogEntry.objects.create(id=entry_id, owner=acting, sealed=sealed)


def delete(*, acting: Person, entry_id: uuid.UUID) -> None:
    """Delete an entry of one's own for good.

    Raises:
        NotFound: ``log.none`` where it does not exist, or is somebody else's: the answer is the same.

    """
    if not delete_for_good(PrivateLogEntry.objects.filter(owner=acting, id=entry_id)):
        raise NotFound("log.none", _("There is no such page."))

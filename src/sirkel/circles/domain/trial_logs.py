"""What people say about a trial between meetings: a log by the circle, a reaction by colleagues. All unsigned.

No verb here takes ``acting`` except the facilitator's: nothing that is kept says who pressed, and no audit row
is written, since its moment would say it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import LogKind, ReactionKind
from sirkel.circles.models import Trial, TrialLog, TrialReaction
from sirkel.circles.queries.trial_page import today_at, trial_led
from sirkel.circles.rules.client_ids import client_hash
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain.erasing import delete_for_good
from sirkel.people.models import Person

MOST_WORDS = 200
MOST_COUNTED = 9999


@dataclass(frozen=True)
class Entry:
    """One press of a button. ``client_id`` is made by the sender's page, the same in every try.

    ``is_sure`` answers the question about a possible personal number.
    """

    client_id: uuid.UUID
    kind: str
    lang: str
    text: str = ""
    count: int | None = None
    is_sure: bool = False


def log_trial(*, trial: Trial, entry: Entry, at: datetime) -> TrialLog:
    """Write down how a trial goes; the same client id again corrects its entry, and never makes a second.

    A count is kept only with "did it" and where the trial names what is counted.

    Raises:
        Refused: ``trials.not_running``, ``logs.kind``, ``logs.count``, and as for notes.

    """
    trial = Trial.objects.select_related("circle__workplace").get(id=trial.id)
    if not trial.takes_logs:
        raise Refused("trials.not_running", _("This trial is not running now."), status=409)
    if entry.kind not in LogKind.values:
        raise Refused("logs.kind", _("Choose one of the three."), facts={"field": "kind"})
    has_count = bool(trial.counted) and entry.kind == LogKind.DID
    count = entry.count if has_count else None
    if count is not None and not 0 <= count <= MOST_COUNTED:
        raise Refused("logs.count", _("Write a number from 0 to 9999."), facts={"field": "count"})
    words = words_for_circle(entry.text, most=MOST_WORDS, is_sure=entry.is_sure, may_be_empty=True)
    log, _made = TrialLog.objects.update_or_create(
        trial=trial,
        client_hash=client_hash(entry.client_id),
        defaults={"kind": entry.kind, "text": words, "count": count, "lang": entry.lang},
        create_defaults={
            "kind": entry.kind,
            "text": words,
            "count": count,
            "lang": entry.lang,
            "day": today_at(trial.circle, at=at),
        },
    )
    return log


def undo_log(*, trial: Trial, client_id: uuid.UUID) -> bool:
    """Take back an entry for whoever holds its id; return whether there was one."""
    return delete_for_good(TrialLog.objects.filter(trial=trial, client_hash=client_hash(client_id)))


def react(*, trial: Trial, entry: Entry) -> TrialReaction:
    """Write down what a colleague says about a trial on its poster; the same client id again corrects it.

    Raises:
        Refused: ``reactions.kind``, and as for notes.

    """
    if entry.kind not in ReactionKind.values:
        raise Refused("reactions.kind", _("Choose one of the three."), facts={"field": "kind"})
    words = words_for_circle(entry.text, most=MOST_WORDS, is_sure=entry.is_sure, may_be_empty=True)
    reaction, _made = TrialReaction.objects.update_or_create(
        trial=trial,
        client_hash=client_hash(entry.client_id),
        defaults={"kind": entry.kind, "text": words, "lang": entry.lang},
    )
    return reaction


def take_back_reaction(*, trial: Trial, client_id: uuid.UUID) -> bool:
    """Take back a reaction for whoever holds its id; return whether there was one."""
    return delete_for_good(TrialReaction.objects.filter(trial=trial, client_hash=client_hash(client_id)))


def delete_reaction(
    *, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, reaction_id: uuid.UUID
) -> None:
    """Delete a reaction that should not stand, for good.

    Raises:
        NotFound: no such reaction, or not of a trial this person's circle does.

    """
    trial = trial_led(acting=acting, circle_id=circle_id, trial_id=trial_id)
    if not delete_for_good(TrialReaction.objects.filter(trial=trial, id=reaction_id)):
        raise NotFound("reactions.none", _("It is already gone."))


def own_among(
    *, trial: Trial, client_ids: Iterable[uuid.UUID], of: type[TrialLog | TrialReaction] = TrialLog
) -> list[uuid.UUID]:
    """Return which of the ids that a browser holds still have an entry on this trial, in their order."""
    by_hash = {client_hash(one): one for one in client_ids}
    found = of._default_manager.filter(trial=trial, client_hash__in=list(by_hash))  # noqa: SLF001 -- Django's own name for it
    kept = {bytes(one) for one in found.values_list("client_hash", flat=True)}
    return [one for hashed, one in by_hash.items() if hashed in kept]

"""Keys with which a program asks the API as somebody: made by that person, shown once, used, ended."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.ids import secret_token
from sirkel.people.domain.erasing import delete_for_good
from sirkel.people.domain.sign_in_changes import tell
from sirkel.people.enums import SignInChange
from sirkel.people.models import ApiKey, Person
from sirkel.people.queries.api_keys import day_of, open_keys
from sirkel.people.rules.api_keys import (
    BEGINS_WITH,
    DAYS,
    KEPT_AFTER_END,
    MOST_KEYS,
    MOST_LABEL,
    SECRET_BITS,
    key_hash,
)


def make_key(
    *, acting: Person, key_id: uuid.UUID, label: str, days: int, may_answer: bool, at: datetime
) -> tuple[ApiKey, str]:
    """Make a key for a program of one's own; return it and its secret, which is shown this once and kept nowhere.

    Args:
        acting: whose key it is; the page has let them sign in afresh.
        key_id: the form's random number, so that a form sent twice makes one key.
        label: what it is for, at most 60 characters.
        days: one of ``DAYS``.
        may_answer: whether the program may also answer for its owner, and not only read.
        at: now.

    Raises:
        Refused: ``keys.label``, ``keys.days``, ``keys.too_many``.
        Conflict: ``keys.made`` when this form has made its key; the secret cannot be shown again.

    """
    name = " ".join(label.split())
    if not name or len(name) > MOST_LABEL:
        raise Refused("keys.label", _("Say in a few words what the key is for."), facts={"field": "label"})
    if days not in DAYS:
        raise Refused("keys.days", _("Choose one of the spans."), facts={"field": "days"})
    secret = BEGINS_WITH + secret_token(SECRET_BITS)
    today = day_of(at)
    try:
        with transaction.atomic():
            # Whoever makes two at once waits here, so that the count is right.
            Person.objects.select_for_update().get(id=acting.id)
            if open_keys(acting, at=at).exclude(id=key_id).count() >= MOST_KEYS:
                raise Refused(
                    "keys.too_many",
                    _("You have ten keys already."),
                    _("End one that no program uses any more."),
                )
            made = ApiKey.objects.create(
                id=key_id,
                person=acting,
                label=name,
                secret_hash=key_hash(secret),
                may_answer=may_answer,
                made_on=today,
                ends_on=today + timedelta(days=days),
            )
            _note(acting, "key.made", key_id, at=at)
            tell(person=acting, change=SignInChange.KEY_MADE, at=at)
    except IntegrityError as error:
        raise Conflict(
            "keys.made",
            _("This form has made its key already."),
            _("If you did not copy it, end it and make another one."),
        ) from error
    return made, secret


def end_key(*, acting: Person, key_id: uuid.UUID, at: datetime) -> None:
    """End one of one's own keys: what shows it is nobody from now on, also after an old backup was brought back.

    Raises:
        NotFound: ``keys.none``, also for somebody else's.

    """
    with transaction.atomic():
        if not delete_for_good(ApiKey.objects.filter(person=acting, id=key_id)):
            raise NotFound("keys.none", _("There is no such key."))
        _note(acting, "key.ended", key_id, at=at)
        tell(person=acting, change=SignInChange.KEY_ENDED, at=at)


def keep_use(key: ApiKey, *, at: datetime) -> None:
    """Keep the day on which a key was last used, and nothing closer."""
    today = day_of(at)
    if key.used_on != today:
        ApiKey.objects.filter(id=key.id).update(used_on=today)


def forget_outdated(*, at: datetime) -> int:
    """Forget the keys that were over for a month; give how many."""
    return ApiKey.objects.filter(ends_on__lte=day_of(at - KEPT_AFTER_END)).delete()[0]


def _note(person: Person, verb: str, key_id: uuid.UUID, *, at: datetime) -> None:
    """Keep in the trail that a key was made or ended: not what it is for."""
    audit.record(chain=None, acting=person.id, verb=verb, target=person.id, facts={"key": key_id}, at=at)

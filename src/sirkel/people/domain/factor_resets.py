"""Taking away a second step that was lost with phone and codes: two administrators, a day of waiting, and a mail.

Whoever still has the second step stops it by using it once: nobody is locked out who was not. The mail says so.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotAllowed, Refused
from sirkel.people.domain import outbox
from sirkel.people.domain.erasing import delete_for_good, end_sessions
from sirkel.people.domain.outbox import Letter
from sirkel.people.domain.sign_in_changes import tell
from sirkel.people.enums import MailKind, SignInChange
from sirkel.people.models import ApiKey, FactorReset, Mail, Organisation, Person
from sirkel.people.queries.administration import organisation_of, zone_of
from sirkel.people.queries.factor_resets import holder_in

WAITS = timedelta(hours=24)
"""From the second administrator's yes until it is done: time to read the mail and to stop it."""
LAPSES = timedelta(days=7)
TOLD_FOR = timedelta(days=7)
_ASKED, _DONE = "reset_asked", "reset_done"


def ask(*, acting: Person, organisation_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> FactorReset:
    """Ask that somebody's second step be taken away, and tell them by mail. It stays as it is until it is done.

    Raises:
        NotFound: this person does not administer the organisation, or the other has no role in it.
        NotAllowed: ``resets.own`` for one's own.
        Refused: ``resets.none`` for somebody without a second step.
        Conflict: ``resets.asked`` when somebody has asked already.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    person = holder_in(organisation=organisation, person_id=person_id, at=at)
    if person.id == acting.id:
        raise NotAllowed(
            "resets.own", _("Ask another administrator. Nobody takes their own second step away.")
        )
    with transaction.atomic():
        Person.objects.select_for_update().get(id=person.id)
        if not Authenticator.objects.filter(user=person).exists():
            raise Refused(
                "resets.none", _("They have no second step. The code by mail is enough to sign in.")
            )
        if FactorReset.objects.filter(person=person).exists():
            raise Conflict("resets.asked", _("Somebody asked for it already."))
        made = FactorReset.objects.create(
            organisation=organisation, person=person, asked_by=acting.id, asked_at=at
        )
        _record(acting, made, "factor.reset_asked", at)
        outbox.post([_posted(_ASKED, made, at)])
    return made


def confirm(*, acting: Person, organisation_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> FactorReset:
    """Agree: a day from now the second step is gone, unless its owner uses it before.

    Raises:
        NotFound: this person does not administer the organisation, or the other has no role in it.
        NotAllowed: ``resets.same`` for whoever asked, ``resets.own`` for whom it is about.
        Conflict: ``resets.state`` when nothing waits for a second yes.

    """
    with transaction.atomic():
        found = _open(acting, organisation_id, person_id, at)
        if found.confirmed_at:
            raise _moved_on()
        if acting.id == found.person_id:
            raise NotAllowed(
                "resets.own", _("Ask another administrator. Nobody takes their own second step away.")
            )
        if acting.id == found.asked_by:
            raise NotAllowed(
                "resets.same",
                _("It takes two."),
                _("Another administrator of this organisation has to agree. You asked for it yourself."),
            )
        found.confirmed_by, found.confirmed_at = acting.id, at
        found.save(update_fields=["confirmed_by", "confirmed_at"])
        _record(acting, found, "factor.reset_confirmed", at)
    return found


def drop(*, acting: Person, organisation_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> None:
    """Leave somebody's second step as it is after all.

    Raises:
        NotFound, Conflict: as for ``confirm``.

    """
    with transaction.atomic():
        found = _open(acting, organisation_id, person_id, at)
        _record(acting, found, "factor.reset_dropped", at)
        found.delete()


def stop(*, person: Person, at: datetime) -> None:
    """Stop it, since its owner has just used the second step: it is not lost."""
    with transaction.atomic():
        found = FactorReset.objects.select_for_update().filter(person=person).first()
        if found:
            _record(person, found, "factor.reset_stopped", at)
            found.delete()


def carry_out(*, at: datetime) -> int:
    """Take away what two administrators agreed on a day ago, and forget what lapsed; tell how many were taken away."""
    FactorReset.objects.filter(confirmed_at__isnull=True, asked_at__lt=at - LAPSES).delete()
    done = 0
    for key in FactorReset.objects.filter(confirmed_at__lte=at - WAITS).values_list("id", flat=True):
        with transaction.atomic():
            found = (
                FactorReset.objects.select_for_update()
                .select_related("organisation", "person")
                .filter(id=key)
                .first()
            )
            if found is None:
                continue  # stopped or dropped a moment ago
            Authenticator.objects.filter(user=found.person).delete()
            end_sessions(found.person_id)
            # Keys were made with the step that is lost, perhaps by whoever has it now.
            if delete_for_good(ApiKey.objects.filter(person=found.person)):
                tell(person=found.person, change=SignInChange.KEY_ENDED, at=at)
            _record(None, found, "factor.reset_done", at)
            outbox.post([_posted(_DONE, found, at)])
            found.delete()
            done += 1
    return done


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words; a mail about what was asked is not needed any more once that is dropped or done."""
    del at
    names = dict(Organisation.objects.filter(id__in={mail.about for mail in mails}).values_list("id", "name"))
    asked = {
        str(one)
        for one in FactorReset.objects.filter(person__in={mail.person_id for mail in mails}).values_list(
            "id", flat=True
        )
    }
    letters = {}
    for mail in mails:
        what, _mark, key = mail.key.partition(":")
        if mail.about in names and (what == _DONE or key in asked):
            letters[mail.id] = _letter(mail, names[mail.about], is_done=what == _DONE)
    return letters


def _letter(mail: Mail, organisation: str, *, is_done: bool) -> Letter:
    with override(mail.person.language):
        said = {"name": mail.person.first_name, "organisation": organisation}
        if is_done:
            subject = gettext("Your second step for signing in was taken away")
            words = [
                gettext(
                    "Two administrators at %(organisation)s did it, because it was lost. You are signed out everywhere. "
                    "Sign in with the code by mail, and choose a new second step:"
                )
                % said,
                f"{settings.SITE_URL}/accounts/login/",
                gettext("Is it a mistake? Do so at once, and tell an administrator."),
            ]
        else:
            subject = gettext("Did you lose your second step for signing in?")
            words = [
                gettext(
                    "An administrator at %(organisation)s says so. When another administrator agrees, it is taken away "
                    "a day later and you are signed out everywhere. Then the code by mail lets you in, and you choose a new one."
                )
                % said,
                gettext(
                    "Is it not so? Sign in now with your second step: that stops it. Then tell an administrator."
                ),
                f"{settings.SITE_URL}/accounts/login/",
            ]
        text = "\n\n".join([gettext("Hi, %(name)s!") % said, *words])
        return Letter(language=mail.person.language, subject=subject, text=text)


def _posted(what: str, reset: FactorReset, at: datetime) -> outbox.Posted:
    return outbox.Posted(
        key=f"{what}:{reset.id}",
        person=reset.person_id,
        kind=MailKind.SIGN_IN,
        about=reset.organisation_id,
        edition=0,
        time_zone=zone_of(reset.organisation),
        not_before=at,
        outdated_at=at + TOLD_FOR,
    )


def _open(acting: Person, organisation_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> FactorReset:
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    person = holder_in(organisation=organisation, person_id=person_id, at=at)
    found = (
        FactorReset.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(person=person, organisation=organisation)
        .first()
    )
    if found is None:
        raise _moved_on()
    return found


def _moved_on() -> Conflict:
    return Conflict(
        "resets.state",
        _("Somebody else was here a moment ago."),
        _("Look at how it stands now, and decide then."),
    )


def _record(acting: Person | None, reset: FactorReset, verb: str, at: datetime) -> None:
    audit.record(
        chain=reset.organisation_id,
        acting=acting.id if acting else None,
        verb=verb,
        target=reset.person_id,
        facts={"person": reset.person_id},
        at=at,
    )

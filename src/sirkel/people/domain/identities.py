"""Signing in with another service: an identity is linked by its owner, opens that account alone, and is unlinked."""

import uuid
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from sirkel.people.domain.sessions import end_those_with
from sirkel.people.domain.sign_in_changes import tell
from sirkel.people.enums import SignInChange
from sirkel.people.models import Identity, Person
from sirkel.people.oidc.answers import not_believed, too_low
from sirkel.people.queries.factors import has_factor, must_have_factor
from sirkel.people.queries.identities import identity_of, steps_of, subjects_of
from sirkel.people.rules.claims import Shown, is_national_number, is_usable_subject
from sirkel.people.rules.providers import Provider


def check(provider: Provider, shown: Shown) -> None:
    """Refuse what must not come in, whoever it is.

    Raises:
        Refused: ``provider.number`` where the service names people by their national number, ``provider.answer``
            for a name that cannot be used, ``provider.level`` for a level that is not accepted, or none.

    """
    if is_national_number(shown.subject):
        raise Refused(
            "provider.number",
            _("This service names people by their national number, which is not kept here."),
            _("Tell your administrator. You can sign in with a code by e-mail."),
        )
    if not is_usable_subject(shown.subject):
        raise not_believed(provider, "subject")
    if provider.accepted and shown.level not in provider.accepted:
        raise too_low(provider)


def recognise(provider: Provider, shown: Shown) -> Identity:
    """Return the identity that a service has shown, with its person.

    Raises:
        NotAllowed: ``provider.unknown`` when no account is linked. Nothing is made and nothing is said of any account.

    """
    found = identity_of(provider.issuer, shown.subject)
    if found is None:
        raise NotAllowed(
            "provider.unknown",
            _("No account here is linked to this sign-in."),
            _("Sign in with a code by e-mail. Then you can link it under “How I sign in”."),
        )
    now = subjects_of(provider.issuer, shown.subject)[0]
    if bytes(found.subject) != now:
        found.subject = now
        found.save(update_fields=["subject"])
    return found


def link(*, acting: Person, provider: Provider, shown: Shown, at: datetime) -> Identity:
    """Link what a service has shown to one's own account. Both sides must have been signed in to afresh by then.

    Raises:
        NotAllowed: ``identity.demo`` for the invented people of a demo.
        Conflict: ``identity.taken`` when it opens another account, ``identity.another`` when this account has another
            one of the same service.

    """
    if acting.is_demo:
        raise NotAllowed("identity.demo", _("The invented people of a demo sign in by their link alone."))
    known = identity_of(provider.issuer, shown.subject)
    if known is not None and known.person_id == acting.id:
        return known
    taken = Conflict(
        "identity.taken",
        _("It opens another account already."),
        _("Unlink it there first. An identity opens one account."),
    )
    if known is not None:
        raise taken
    if Identity.objects.filter(person=acting, issuer=provider.issuer).exists():
        raise Conflict(
            "identity.another",
            _("Your account is linked to another identity of this service."),
            _("Unlink that one first."),
        )
    try:
        with transaction.atomic():
            made = Identity.objects.create(
                person=acting,
                issuer=provider.issuer,
                subject=subjects_of(provider.issuer, shown.subject)[0],
                linked_on=at.astimezone(UTC).date(),
            )
            _note(acting, "identity.linked", made.id, at=at)
            tell(person=acting, change=SignInChange.LINKED, at=at)
    except IntegrityError as error:  # somebody was faster, in another window or another account
        raise taken from error
    return made


def unlink(*, acting: Person, identity_id: uuid.UUID, this: str | None, at: datetime) -> None:
    """Unlink an identity, and end the other sessions that were opened with it; ``this`` is the session's secret key.

    Raises:
        NotFound: ``identity.none``, also for somebody else's.
        Conflict: ``identity.last`` when it is the only second step of somebody who needs one.

    """
    identity = own(acting, identity_id)
    others = [one for one in steps_of(acting) if one.id != identity.id]
    if (
        must_have_factor(acting, at=at)
        and identity in steps_of(acting)
        and not (others or has_factor(acting))
    ):
        raise Conflict(
            "identity.last",
            _("This is your only second step, and you need one."),
            _("Add a passkey or a code app first. Then you can unlink it."),
        )
    with transaction.atomic():
        identity.delete()
        end_those_with(acting, identity_id, this=this, at=at)
        _note(acting, "identity.unlinked", identity_id, at=at)
        tell(person=acting, change=SignInChange.UNLINKED, at=at)


def own(person: Person, identity_id: uuid.UUID) -> Identity:
    """Return one of one's own identities.

    Raises:
        NotFound: ``identity.none``, also for somebody else's.

    """
    found = Identity.objects.filter(person=person, id=identity_id).first()
    if found is None:
        raise NotFound("identity.none", _("It is not linked."))
    return found


def _note(person: Person, verb: str, identity_id: uuid.UUID, *, at: datetime) -> None:
    """Keep in the trail that an identity was linked or unlinked: not with which service, and not as whom."""
    audit.record(
        chain=None, acting=person.id, verb=verb, target=person.id, facts={"identity": identity_id}, at=at
    )

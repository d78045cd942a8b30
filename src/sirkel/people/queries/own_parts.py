"""What this room, and the kernel below it, keep of somebody with an account."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.models import AuditEvent
from sirkel.kernel.personal_data import TRAIL, WORK
from sirkel.kernel.tasks import results_naming
from sirkel.people.models import (
    ApiKey,
    CalendarAddress,
    FactorReset,
    Identity,
    Mail,
    Person,
    RoleAssignment,
    Session,
)
from sirkel.people.queries.holds import told_of
from sirkel.people.queries.mail import WANTS, settings_of
from sirkel.people.queries.own_data import Coded, Row, contribute
from sirkel.people.rules import personal_data as of_people
from sirkel.people.sessions import owner_of

KINDS = {
    Authenticator.Type.TOTP.value: _("A code app"),
    Authenticator.Type.WEBAUTHN.value: _("A passkey"),
    Authenticator.Type.RECOVERY_CODES.value: _("Recovery codes"),
}


def contribute_all() -> None:
    """Contribute everything."""
    contribute(
        of_people.ACCOUNT,
        {
            "first_name": _("First name"),
            "family_name": _("Family name"),
            "email": _("E-mail address"),
            "language": _("Language"),
            "last_login": _("Signed in last"),
        },
        _account,
    )
    contribute(
        of_people.ROLES,
        {
            "role": _("Role"),
            "organisation": _("Organisation"),
            "workplace": _("Workplace"),
            "unit": _("Unit"),
            "valid_from": _("From"),
            "valid_to": _("Until"),
        },
        _roles,
    )
    contribute(
        of_people.MAIL,
        {"kind": _("About"), "state": _("State"), "not_before": _("From"), "settled_at": _("Settled")},
        _mails,
    )
    contribute(
        of_people.MAIL_SETTINGS,
        {
            "wants": _("Write to me about"),
            "quiet_from": _("No mails from"),
            "quiet_to": _("Until"),
            "has_calendar_address": _("Calendar has an address"),
        },
        _mail_settings,
    )
    contribute(
        of_people.SIGN_IN,
        {
            "what": _("What"),
            "at": _("When"),
            "ends_at": _("Ends"),
            "network_address": _("Network address"),
            "browser": _("Browser"),
        },
        _sign_ins,
    )
    contribute(
        of_people.FACTORS,
        {"what": _("What"), "name": _("Name"), "at": _("Added"), "used_at": _("Used last")},
        _factors,
    )
    contribute(
        of_people.IDENTITIES,
        {"issuer": _("Service"), "linked_on": _("Linked")},
        _identities,
    )
    contribute(
        of_people.API_KEYS,
        {
            "label": _("What it is for"),
            "may_answer": _("May answer for me"),
            "made_on": _("Made"),
            "ends_on": _("Opens nothing from"),
            "used_on": _("Used last"),
        },
        _api_keys,
    )
    contribute(
        of_people.HOLDS,
        {"organisation": _("Organisation"), "since": _("From"), "review_on": _("To be looked at again by")},
        _holds,
    )
    contribute(TRAIL, {"at": _("When"), "verb": _("What was done")}, _trail)
    contribute(WORK, {"at": _("When"), "task": _("What")}, _work)


def _account(person: Person) -> Iterator[Row]:
    yield {
        "first_name": person.first_name,
        "family_name": person.family_name,
        "email": person.email,
        "language": Coded(person.language, dict(settings.LANGUAGES).get(person.language, person.language)),
        "last_login": person.last_login,
    }


def _roles(person: Person) -> Iterator[Row]:
    held = RoleAssignment.objects.filter(person=person).select_related("organisation", "workplace", "unit")
    for one in held.order_by("valid_from", "id"):
        yield {
            "role": Coded(one.role, one.get_role_display()),
            "organisation": one.organisation.name if one.organisation else None,
            "workplace": one.workplace.name if one.workplace else None,
            "unit": one.unit.name if one.unit else None,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }


def _holds(person: Person) -> Iterator[Row]:
    for one in told_of(person):
        yield {"organisation": one.organisation, "since": one.since, "review_on": one.review_on}


def _mails(person: Person) -> Iterator[Row]:
    for one in Mail.objects.filter(person=person).order_by("not_before", "id"):
        yield {
            "kind": Coded(one.kind, one.get_kind_display()),
            "state": Coded(one.state, one.get_state_display()),
            "not_before": one.not_before,
            "settled_at": one.settled_at,
        }


def _mail_settings(person: Person) -> Iterator[Row]:
    chosen = settings_of(person)
    wants = [Coded(kind.value, kind.label) for kind, field in WANTS.items() if getattr(chosen, field)]
    yield {
        "wants": wants,
        "quiet_from": f"{chosen.quiet_from:%H:%M}",
        "quiet_to": f"{chosen.quiet_to:%H:%M}",
        "has_calendar_address": CalendarAddress.objects.filter(person=person).exists(),
    }


def _sign_ins(person: Person) -> Iterator[Row]:
    for session in Session.objects.filter(owner=owner_of(person.id)).order_by("expire_date"):
        browser = " ".join(name for name in session.get_decoded().get("device", ()) if name)
        yield {
            "what": Coded("session", _("A device that is signed in")),
            "ends_at": session.expire_date,
            "browser": browser or None,
        }
    for tries in (AccessAttempt, AccessFailureLog):
        for one in tries.objects.filter(username=person.email).order_by("attempt_time"):
            yield {
                "what": Coded("failed", _("A try that failed")),
                "at": one.attempt_time,
                "network_address": one.ip_address,
                "browser": one.user_agent,
            }


def _factors(person: Person) -> Iterator[Row]:
    """Name somebody's factors; what opens with them is nobody's to take along, not even theirs."""
    for one in Authenticator.objects.filter(user=person).order_by("id"):
        yield {
            "what": Coded(one.type, KINDS[one.type]),
            "name": one.wrap().name if one.type == Authenticator.Type.WEBAUTHN else None,
            "at": one.created_at,
            "used_at": one.last_used_at,
        }
    for asked in FactorReset.objects.filter(person=person):
        yield {
            "what": Coded("reset_asked", _("An administrator asked to take it away")),
            "at": asked.asked_at,
        }


def _identities(person: Person) -> Iterator[Row]:
    for one in Identity.objects.filter(person=person).order_by("linked_on", "id"):
        yield {"issuer": one.issuer, "linked_on": one.linked_on}


def _api_keys(person: Person) -> Iterator[Row]:
    for one in ApiKey.objects.filter(person=person).order_by("made_on", "id"):
        yield {
            "label": one.label,
            "may_answer": one.may_answer,
            "made_on": one.made_on,
            "ends_on": one.ends_on,
            "used_on": one.used_on,
        }


def _trail(person: Person) -> Iterator[Row]:
    done = AuditEvent.objects.filter(Q(actor=person.id) | Q(target=person.id)).order_by("at", "sequence")
    for at, verb in done.values_list("at", "verb"):
        yield {"at": at, "verb": verb}


def _work(person: Person) -> Iterator[Row]:
    for path, at in results_naming(person.id).order_by("enqueued_at").values_list("task_path", "enqueued_at"):
        yield {"at": at, "task": path}

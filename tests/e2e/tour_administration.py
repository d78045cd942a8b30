"""The administrator's part of the walk through every page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django_tasks_db.models import DBTaskResult

from sirkel.circles.domain.offering import switch_off, switch_on
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.kernel.tasks import tidy
from sirkel.people.enums import MailKind, MailState, Role
from sirkel.people.models import FactorReset, Mail, Organisation, RoleAssignment
from tests.factories.places import make_hold


def administration(visit: Any, signed_in: Any) -> Iterator[Any]:
    """Yield an administrator's pages of the demo's organisation that has one; ``visit`` makes one."""
    role = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, organisation__isnull=False).first()
    assert role is not None
    cookies = signed_in(role.person)
    organisation = Organisation.objects.get(id=role.organisation_id)
    here = f"/administration/{organisation.id}/"
    workplace = organisation.workplaces.get()
    other = organisation.roles.filter(role=Role.LEADER).first()
    yield visit("organisation", here, cookies)
    yield visit("workplace-new", f"{here}workplaces/new/", cookies)
    yield visit("workplace-wrong", f"{here}workplaces/new/", cookies, status=422, post={"name": ""})
    yield visit("unit-new", f"{here}workplaces/{workplace.id}/units/new/", cookies)
    yield visit("unit", f"{here}units/{workplace.units.first().id}/", cookies)
    yield visit("name", f"{here}names/{workplace.id}/", cookies)
    yield visit("name-wrong", f"{here}names/{workplace.id}/", cookies, status=422, post={"name": ""})
    yield visit("holds-none", f"{here}holds/", cookies)
    yield visit("hold-new", f"{here}holds/new/", cookies)
    yield visit("hold-wrong", f"{here}holds/new/", cookies, status=422, post={"what": "circle"})
    held = make_hold(organisation)
    yield visit("hold", f"{here}holds/{held.id}/", cookies)
    held.confirmed_by, held.confirmed_at = new_id(), clock.now()
    held.save()
    yield visit("hold-in-force", f"{here}holds/{held.id}/", cookies)
    yield visit("holds", f"{here}holds/", cookies)
    yield visit("records", f"{here}records/", cookies)
    yield visit("records-wrong", f"{here}records/", cookies, status=422, post={"version": "0"})
    yield visit("handing-over", f"/privacy/handing-over/{organisation.id}/", cookies)
    asked = f"/privacy/breach/{organisation.id}/"
    today = f"{clock.now():%Y-%m-%d}"
    yield visit("breach", asked, cookies)
    yield visit("breach-wrong", f"{asked}?first={today}", cookies, status=422)
    said = f"learned_on={today}&learned_at=09:30&first=2026-01-01&last={today}&happened=read&happened=lost"
    yield visit("breach-draft", f"{asked}?{said}&classes=account&classes=notes", cookies)
    yield visit("methods-offered", f"{here}methods/", cookies)
    at = {"acting": role.person, "organisation_id": organisation.id, "at": clock.now()}
    switch_off(method_id="open-room", **at)
    yield visit("method-off", f"{here}methods/", cookies)
    # Sent without its button, as a script does: refused in words.
    yield visit("method-refused", f"{here}methods/", cookies, status=400, post={"method": "open-room"})
    switch_on(method_id="open-room", **at)
    yield visit("trail", f"{here}trail/", cookies)
    yield visit("role-list", f"{here}people/import/", cookies)
    rows = f"e-mail;first name;role;workplace\nnils@demo.invalid;Nils;leder;{workplace}\n=a;;;\n"
    yield visit("role-list-wrong", f"{here}people/import/", cookies, status=422, post={"text": rows})
    yield visit("people", f"{here}people/", cookies)
    yield visit("role-give", f"{here}people/give/", cookies)
    clash = {
        "email": other.person.email,
        "first_name": "Solveig",
        "language": "nb",
        "role": "union",
        "place": f"workplace:{workplace.id}",
        "begins": "2026-01-01",
        "do": "look",
    }
    yield visit("role-clash", f"{here}people/give/", cookies, post=clash)
    yield visit("role-change", f"{here}roles/{other.id}/", cookies)
    changed = {"begins": "2026-01-01", "version": "0"}
    yield visit("role-changed-by-two", f"{here}roles/{other.id}/", cookies, status=409, post=changed)
    yield visit("signed-out-everywhere", f"{here}people/{other.person_id}/sign-out/", cookies)
    yield visit("signed-out-self", f"{here}people/{role.person_id}/sign-out/", cookies)
    step = f"{here}people/{other.person_id}/second-step/"
    yield visit("second-step-none", step, cookies)
    Authenticator.objects.create(user=other.person, type="totp", data={})
    yield visit("second-step", step, cookies)
    # Sent without its button, as a script does: refused in words.
    yield visit("second-step-refused", step, cookies, status=400, post={"do": ""})
    asked = FactorReset.objects.create(
        organisation=organisation, person=other.person, asked_by=new_id(), asked_at=clock.now()
    )
    yield visit("second-step-asked", step, cookies)
    asked.confirmed_by, asked.confirmed_at = new_id(), clock.now()
    asked.save()
    yield visit("second-step-agreed", step, cookies)
    asked.delete()
    Authenticator.objects.filter(user=other.person).delete()
    yield visit("health", "/administration/server/", cookies)
    yield visit("languages", "/administration/server/languages/", cookies)
    yield visit("methods", "/administration/server/methods/", cookies)
    yield from _of_everything(visit, signed_in)
    yield visit("role-end", f"{here}roles/{other.id}/end/", cookies)


def _of_everything(visit: Any, signed_in: Any) -> Iterator[Any]:
    """Yield the pages of whoever keeps the installation: something failed, something waits."""
    keeper = RoleAssignment.objects.get(role=Role.ADMINISTRATOR, organisation__isnull=True).person
    cookies, at = signed_in(keeper), clock.now()
    tidy.enqueue()
    DBTaskResult.objects.filter(status="READY").update(
        status="FAILED", worker_ids=["a"], traceback="F: OSError"
    )
    task = DBTaskResult.objects.filter(status="FAILED").first()
    mail = Mail.objects.create(
        key="tour",
        person=keeper,
        about=keeper.id,
        kind=MailKind.LEFT,
        state=MailState.UNSURE,
        time_zone="Europe/Oslo",
        not_before=at,
        outdated_at=at + timedelta(days=1),
        settled_at=at,
    )
    network = "/administration/server/network/"
    officer = RoleAssignment.objects.filter(role=Role.POLICY).first()
    asked = {"email": "ada@example.org", "first_name": "Ada", "begins": "2026-03-01"}
    yield visit("network-people", network, cookies)
    yield visit("network-role-give", f"{network}give/", cookies)
    yield visit("network-role-means", f"{network}give/", cookies, post=asked)
    yield visit("network-role-wrong", f"{network}give/", cookies, status=422, post={"email": "nobody"})
    yield visit("network-role-end", f"{network}roles/{officer.id}/end/", cookies)
    yield visit("settings", "/administration/server/settings/", cookies)
    yield visit("work", "/administration/server/work/", cookies)
    yield visit("task-again", f"/administration/server/work/tasks/{task.id}/again/", cookies)
    yield visit("mail-again", f"/administration/server/work/mails/{mail.id}/again/", cookies)

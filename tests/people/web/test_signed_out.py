"""Sessions that others end: an administrator, deletion, the last role. Nothing that was open stays open (ASVS 7.4.2, 7.4.5)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from sirkel.circles.domain.forgetting import forget_person
from sirkel.kernel import clock
from sirkel.kernel.live import stream
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import outbox, sign_ins
from sirkel.people.enums import Role
from sirkel.people.models import ApiKey, RoleAssignment, Session
from tests.api.programs import new_key
from tests.factories.meetings import make_meeting, make_workplace, sign_in
from tests.factories.thread import make_reader
from tests.kernel.unit.test_stream import Listener, play

A_WHILE = timedelta(minutes=5)


def client_of(person):
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person)
    return client


def is_in(client):
    return client.get("/me/messages/").status_code == 200


class House:
    """An organisation with an administrator and a leader, who is signed in on two devices."""

    def __init__(self):
        self.organisation = make_workplace().organisation
        self.administrator = make_reader(Role.ADMINISTRATOR, organisation=self.organisation)
        self.leader = make_reader(Role.LEADER, organisation=self.organisation)
        self.devices = [client_of(self.leader) for _device in range(2)]
        self.here = f"/administration/{self.organisation.id}/"
        self.page = f"{self.here}people/{self.leader.id}/sign-out/"

    def still_in(self):
        return [is_in(device) for device in self.devices]


@pytest.fixture
def house(db):
    return House()


class TestByAnAdministrator:
    def test_every_device_is_signed_out_and_nobody_elses(self, house):
        other = client_of(make_reader(Role.LEADER, organisation=house.organisation))
        client = client_of(house.administrator)
        assert house.page in client.get(f"{house.here}people/").content.decode()
        assert client.get(house.page).status_code == 200
        assert house.still_in() == [True, True], "looking ends nothing"
        assert client.post(house.page).status_code == 302
        assert house.still_in() == [False, False]
        assert is_in(other)
        assert is_in(client)

    def test_they_are_told_by_mail_and_the_trail_keeps_that_it_was_done_alone(self, house):
        client_of(house.administrator).post(house.page)
        mail.outbox.clear()
        outbox.deliver()
        (told,) = mail.outbox
        assert told.to == [house.leader.email]
        assert house.administrator.email not in told.body
        (row,) = AuditEvent.objects.filter(verb="person.signed_out")
        assert (row.chain, row.actor) == (house.organisation.id, house.administrator.id)
        assert row.facts == {"person": str(house.leader.id)}
        page = client_of(house.administrator).get(f"{house.here}trail/").content.decode()
        assert "Signed somebody out on all devices" in page

    def test_whether_they_were_signed_in_shows_nowhere(self, house):
        """PD-23."""
        client = client_of(house.administrator)
        said = []
        for _time in range(2):  # the second time there is nothing to end
            assert client.post(house.page).status_code == 302
            said.append(client.get(f"{house.here}people/").content.decode().partition("<c-")[0])
        assert [words.count("signed out everywhere") for words in said] == [1, 1]
        first, second = AuditEvent.objects.filter(verb="person.signed_out").order_by("sequence")
        assert first.facts == second.facts

    def test_keys_for_programs_stay_and_read_what_their_owner_reads(self, house):
        new_key(house.leader)
        client_of(house.administrator).post(house.page)
        assert ApiKey.objects.filter(person=house.leader).exists()

    def test_it_asks_for_a_sign_in_of_just_now(self, house):
        client = client_of(house.administrator)
        session = client.session
        session["signed_in_at"] = session.get("signed_in_at", 0) - 660
        session["account_authentication_methods"] = []
        session.save()
        assert client.post(house.page).headers["Location"].startswith("/me/security/again/")
        assert house.still_in() == [True, True]

    def test_nobody_does_it_to_people_of_others_or_to_themselves(self, house):
        stranger = client_of(make_reader(Role.ADMINISTRATOR, organisation=make_workplace().organisation))
        assert stranger.post(house.page).status_code == 404
        assert house.devices[0].post(house.page).status_code == 404
        client = client_of(house.administrator)
        own = f"{house.here}people/{house.administrator.id}/sign-out/"
        assert client.post(own).status_code == 403
        assert is_in(client)
        house.leader.roles.update(valid_to=clock.now())
        assert client.post(house.page).status_code == 404
        assert "/sign-out/" not in client.get(f"{house.here}people/").content.decode().replace(own, "")
        assert house.still_in() == [True, True]


class TestWithTheLastRole:
    @pytest.fixture(autouse=True)
    def _by_the_real_clock(self):
        """Sessions live by it."""
        with clock.moved(datetime.now(UTC) - clock.now() + timedelta(seconds=2)):
            yield

    def end(self, house, role):
        page = f"{house.here}roles/{role.id}/end/"
        assert client_of(house.administrator).post(page, {"version": role.version}).status_code == 302
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            sign_ins.end_of_leavers(at=clock.now())

    def test_whoever_has_none_any_more_is_signed_out_and_may_come_back(self, house):
        self.end(house, house.leader.roles.get())
        assert house.still_in() == [False, False]
        again = client_of(house.leader)
        session = again.session
        session["signed_in_at"] += 10
        session.save()
        sign_ins.end_of_leavers(at=clock.now() + A_WHILE)
        assert is_in(again), "what is begun afterwards goes on"
        (row,) = AuditEvent.objects.filter(verb="sessions.ended")
        assert (row.actor, row.target, row.facts) == (None, house.leader.id, {"count": 2})

    def test_whoever_has_another_one_or_gets_one_goes_on(self, house):
        role = house.leader.roles.get()
        make = {
            "person": house.leader,
            "role": Role.UNION,
            "organisation": make_workplace().organisation,
        }
        other = RoleAssignment.objects.create(valid_from=clock.now() + A_WHILE, **make)
        self.end(house, role)
        assert house.still_in() == [True, True]
        other.delete()
        sign_ins.end_of_leavers(at=clock.now() + A_WHILE)
        assert house.still_in() == [False, False]

    def test_a_role_that_runs_out_by_its_day_counts_the_same(self, house):
        at = clock.now()
        house.leader.roles.update(valid_to=at + A_WHILE)
        assert sign_ins.end_of_leavers(at=at) == 0
        assert sign_ins.end_of_leavers(at=at + 2 * A_WHILE) == 2
        assert house.still_in() == [False, False]


@pytest.mark.requirement("SEC-05")
@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.parametrize("how", ["erased", "signed out"])
def test_an_open_stream_of_the_screen_that_leads_ends_with_the_account(how, monkeypatch, settings):
    """SEC-10: at the next look, which comes within a minute in real life."""
    settings.LIVE_HEARTBEAT_SECONDS = 0.05
    assert stream.RECHECK_SECONDS < 60
    monkeypatch.setattr(stream, "RECHECK_SECONDS", 0.1)
    live = make_meeting(step="write", people=2)
    person = live.facilitator
    device = client_of(person)
    cookie = "; ".join(f"{name}={one.value}" for name, one in device.cookies.items())

    def close():
        if how == "erased":
            second = make_reader(Role.FACILITATOR, organisation=live.circle.organisation)
            live.circle.memberships.create(person=second, role="facilitator")
            forget_person(acting=person, at=clock.now())
        else:
            sign_out_by_administrator(live, person)

    async def scenario():
        listener = Listener(f"/live/facilitator/{live.meeting.id}/", cookie=cookie)
        task = asyncio.create_task(listener.run())
        await listener.until(1)
        await asyncio.sleep(0.3)
        assert not task.done(), "it goes on as long as it may"
        await stream.frames.call(close)
        async with asyncio.timeout(5):
            await task
        assert listener.body.endswith(b"event: over\ndata:\n\n")

    play(scenario)
    assert device.get(f"/meetings/{live.meeting.id}/lead/").status_code == 302
    assert not is_in(device)
    assert not Session.objects.exclude(owner=None).exists() or how == "signed out"


def sign_out_by_administrator(live, person):
    administrator = make_reader(Role.ADMINISTRATOR, organisation=live.circle.organisation)
    page = f"/administration/{live.circle.organisation_id}/people/{person.id}/sign-out/"
    assert client_of(administrator).post(page).status_code == 302

import pytest

from sirkel.circles.models import Circle, Handover, Meeting, Note, Trial
from sirkel.circles.queries.gate import gate_of
from sirkel.config.demo.seed import DEMO_RECEIPT, demo_links, seed_demo
from sirkel.kernel import audit, clock
from sirkel.kernel.errors import Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.models import Organisation, Person
from tests.factories.places import make_person

WAYS_IN = {
    "participant",
    "room screen",
    "facilitator",
    "leader",
    "union representative",
    "network coordinator",
    "policy officer",
    "administrator",
    "ended circle",
    "a receipt",
}


@pytest.mark.slow
@pytest.mark.nightly  # the whole demo is filled in by e2e/test_axe.py, too, which walks all of its pages
@pytest.mark.pure  # a whole circle is played on both engines by bots/test_whole_circle.py
@pytest.mark.django_db
def test_the_demo_is_a_network_in_the_middle_of_its_life(client, settings):
    seed_demo(at=clock.now())
    people = Person.objects.count()
    seed_demo(at=clock.now())
    assert Person.objects.count() == people, "filling in twice changes nothing"

    assert Organisation.objects.count() == 5
    states = {"draft", "planned", "running", "held", "cancelled"}
    assert set(Meeting.objects.values_list("state", flat=True)) == states
    assert Meeting.objects.filter(state="running").count() == 1
    assert {"forming", "cocreating", "paused"} <= set(Circle.objects.values_list("state", flat=True))
    assert {"keep", "adapt", "drop", "longer", "needs_leader"} <= set(
        AuditEvent.objects.filter(verb="trial.looked_back").values_list("facts__decision", flat=True)
    ) | set(Trial.objects.values_list("decision", flat=True))
    today = clock.now().date()
    assert Handover.objects.filter(state__in=["sent", "seen"], due_on__lt=today).count() == 1
    assert Note.objects.filter(lang="fi").exists()
    assert audit.verify().breaks == ()
    every_circle_went_through_the_gate()

    links = dict(demo_links(site=""))
    assert set(links) == WAYS_IN
    for who in ("leader", "union representative", "ended circle"):
        an_invented_person_signs_in_by_one_press(client, settings, links[who])
    an_invented_person_signs_in_by_one_press(client, settings, links["facilitator"], to="/meetings/")
    the_receipt_reaches_a_recommendation(client)


def every_circle_went_through_the_gate():
    for circle in Circle.objects.all():
        phases = AuditEvent.objects.filter(target=circle.id, verb="circle.phase").order_by("sequence")
        went = [each.facts["to"] for each in phases]
        assert ("focusing" in went) == (circle.state != "forming"), circle.name
        if circle.state not in {"forming", "paused"}:
            assert went[-1] == circle.state
            assert gate_of(circle, at=clock.now()).is_open, circle.name


def an_invented_person_signs_in_by_one_press(client, settings, address, to="/"):
    settings.DEMO = False
    assert client.post(address).status_code == 404
    settings.DEMO = True
    assert client.get(address).status_code == 200
    assert "_auth_user_id" not in client.session
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client.post(f"{address.partition('?')[0]}?next={elsewhere}")["Location"] == "/circles/"
    went = client.post(address)["Location"]
    assert went.startswith(to)
    assert client.get(went).status_code == 200
    client.logout()


def the_receipt_reaches_a_recommendation(client):
    page = client.post("/receipt/", {"receipt": DEMO_RECEIPT}).content.decode()
    assert "Hun ved vinduet blir rolig når noen bare setter seg" in page
    assert "/recommendations/1/" in page


@pytest.mark.requirement("PD-28")
@pytest.mark.django_db
def test_the_demo_stays_away_from_real_accounts():
    make_person()
    with pytest.raises(Refused) as refused:
        seed_demo(at=clock.now())
    assert refused.value.code == "demo.real_accounts"
    assert not Organisation.objects.exists()

import pytest

from sirkel.circles.models import Circle, Meeting, Note, Trial
from sirkel.circles.queries.gate import gate_of
from sirkel.config.demo.seed import DEMO_RECEIPT, demo_links, seed_demo
from sirkel.kernel import audit, clock
from sirkel.kernel.errors import Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.models import Organisation, Person
from tests.factories.places import make_person

pytestmark = pytest.mark.django_db


def test_the_demo_is_a_network_in_the_middle_of_its_life(client, settings):
    seed_demo(at=clock.now())
    people = Person.objects.count()
    seed_demo(at=clock.now())
    assert Person.objects.count() == people, "filling in twice changes nothing"

    assert Organisation.objects.count() == 5
    assert set(Meeting.objects.values_list("state", flat=True)) == {"draft", "planned", "running", "held"}
    assert Meeting.objects.filter(state="running").count() == 1
    assert {"keep"} <= set(Trial.objects.values_list("decision", flat=True))
    assert Note.objects.filter(lang="fi").exists()
    assert audit.verify().breaks == ()
    every_circle_went_through_the_gate()

    links = dict(demo_links(site=""))
    assert {"participant", "room screen", "facilitator", "network coordinator", "policy officer"} <= set(
        links
    )
    an_invented_person_signs_in_by_one_press(client, settings, links["facilitator"])
    the_receipt_reaches_a_recommendation(client)


def every_circle_went_through_the_gate():
    for circle in Circle.objects.all():
        gate = gate_of(circle, at=clock.now())
        assert gate.is_open == (circle.state != "forming"), circle.name
        phases = AuditEvent.objects.filter(target=circle.id, verb="circle.phase").order_by("sequence")
        assert [each.facts["to"] for each in phases][-1:] == [circle.state] * gate.is_open


def an_invented_person_signs_in_by_one_press(client, settings, address):
    settings.DEMO = False
    assert client.post(address).status_code == 404
    settings.DEMO = True
    assert client.get(address).status_code == 200
    assert "_auth_user_id" not in client.session
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client.post(f"{address.partition('?')[0]}?next={elsewhere}")["Location"] == "/circles/"
    assert client.post(address)["Location"].startswith("/meetings/")
    assert "_auth_user_id" in client.session
    client.logout()


def the_receipt_reaches_a_recommendation(client):
    page = client.post("/receipt/", {"receipt": DEMO_RECEIPT}).content.decode()
    assert "Hun ved vinduet blir rolig når noen bare setter seg" in page
    assert "/recommendations/1/" in page


def test_the_demo_stays_away_from_real_accounts():
    make_person()
    with pytest.raises(Refused) as refused:
        seed_demo(at=clock.now())
    assert refused.value.code == "demo.real_accounts"
    assert not Organisation.objects.exists()

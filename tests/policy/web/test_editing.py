import pytest

from sirkel.circles.enums import Audience
from sirkel.kernel import clock
from sirkel.kernel.models import AuditEvent
from sirkel.network.domain.cards import hide, withdraw
from sirkel.people.enums import Role
from sirkel.policy.models import Clause, ClauseSupport, Recommendation
from tests.factories.thread import RoomOfOwn, make_person, make_reader, make_recommendation

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return RoomOfOwn()


@pytest.fixture
def writer():
    return make_reader(Role.POLICY)


@pytest.fixture
def draft(client, writer, room):
    """A draft with one clause that rests on nothing yet; its writer is signed in."""
    client.force_login(writer)
    return make_recommendation(writer, [], is_published=False)


def link(client, draft, card, confidence="high", letter="a"):
    return client.post(
        f"/policy/{draft.number}/{letter}/rest-on/", {"card": str(card.id), "confidence": confidence}
    )


def turn(client, draft, to):
    answer = client.post(f"/policy/{draft.number}/turn/", {"to": to}, follow=True)
    draft.refresh_from_db()
    return answer.content.decode()


def test_from_nothing_to_a_published_recommendation(client, writer, room):
    card = room.card("Begynn kvelden ved bordet", Audience.NETWORK)
    client.force_login(writer)
    begun = client.post("/policy/", {"title": "Gi kvelden to hender", "lang": "nb"})
    assert begun.url == "/policy/1/"
    written = client.post("/policy/1/", {"text": "Sett to ved bordet den første timen.", "lang": "nb"})
    assert written.url == "/policy/1/a/"
    page = client.get("/policy/1/a/").content.decode()
    assert "Begynn kvelden ved bordet" in page
    client.post("/policy/1/a/rest-on/", {"card": str(card.id), "confidence": "moderate"})
    client.post("/policy/1/turn/", {"to": "publish"})

    client.logout()
    public = client.get("/recommendations/1/").content.decode()
    assert "Sett to ved bordet den første timen." in public
    assert "version 1" in public
    verbs = set(AuditEvent.objects.filter(verb__startswith="recommendation.").values_list("verb", flat=True))
    assert verbs == {"recommendation.started", "recommendation.linked", "recommendation.published"}


@pytest.mark.parametrize("role", [Role.POLICY, Role.COORDINATOR])
def test_policy_officers_and_coordinators_write(client, draft, role):
    client.force_login(make_reader(role))
    for address in ("/policy/", f"/policy/{draft.number}/", f"/policy/{draft.number}/a/"):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "role", [None, Role.FACILITATOR, Role.LEADER, Role.UNION, Role.RESEARCHER, Role.ADMINISTRATOR]
)
def test_nobody_else_writes(client, draft, room, role):
    card = room.card("Begynn kvelden ved bordet", Audience.PUBLIC)
    client.force_login(make_reader(role) if role else make_person())
    gets = ["/policy/", *(f"/policy/{draft.number}/{rest}" for rest in ("", "title/", "a/"))]
    assert {client.get(address).status_code for address in gets} == {403}
    words = {"title": "Noe annet", "text": "Noe annet", "lang": "nb", "to": "publish"}
    posts = [*gets, *(f"/policy/{draft.number}/{rest}" for rest in ("turn/", "a/strike/", "a/let-go/"))]
    facts = {**words, "card": str(card.id), "confidence": "low"}
    assert {client.post(address, facts).status_code for address in posts} == {403}
    assert link(client, draft, card).status_code == 403
    assert Clause.objects.get().text != "Noe annet"
    assert not ClauseSupport.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client, draft):
    client.logout()
    assert client.get("/policy/").url.startswith("/accounts/login/")
    assert client.post(f"/policy/{draft.number}/turn/", {"to": "publish"}).url.startswith("/accounts/login/")


def test_a_clause_cannot_rest_on_a_card_its_writer_may_not_see(client, draft, room):
    inside = room.card("Bare for kommunen", Audience.ORGANISATION)
    assert "Bare for kommunen" not in client.get(f"/policy/{draft.number}/a/").content.decode()
    assert link(client, draft, inside).status_code == 404
    assert not ClauseSupport.objects.exists()
    assert link(client, draft, room.card("For nettverket", Audience.NETWORK)).status_code == 302
    assert ClauseSupport.objects.count() == 1


def test_a_clause_cannot_rest_on_a_card_that_is_gone(client, draft, room):
    taken, held = room.card("Tatt tilbake"), room.card("Holdt tilbake")
    withdraw(acting=room.facilitator, card_id=taken.id, at=clock.now())
    coordinator = make_reader(Role.COORDINATOR)
    hide(acting=coordinator, card_id=held.id, at=clock.now())
    assert link(client, draft, taken).status_code == 410
    assert link(client, draft, held).status_code == 410
    client.force_login(coordinator)
    assert link(client, draft, held).status_code == 400
    assert not ClauseSupport.objects.exists()
    assert link(client, draft, room.card("Delt")).status_code == 302


def test_linking_again_changes_how_sure_one_is_and_letting_go_unlinks(client, draft, writer, room):
    card = room.card("Begynn kvelden ved bordet")
    link(client, draft, card, "low")
    link(client, draft, card, "high")
    support = ClauseSupport.objects.get()
    assert (support.confidence, support.decided_by, support.decided_as) == ("high", writer, "policy")
    assert link(client, draft, card, "certain").status_code == 400
    for _time in range(2):
        assert client.post(f"/policy/{draft.number}/a/let-go/", {"card": str(card.id)}).status_code == 302
    assert not ClauseSupport.objects.exists()


def test_it_is_published_only_when_every_clause_rests_on_a_card_that_stands(client, draft, room):
    said = turn(client, draft, "publish")
    assert "Missing: a." in said
    assert draft.state == "draft"

    card = room.card("Begynn kvelden ved bordet")
    link(client, draft, card)
    withdraw(acting=room.facilitator, card_id=card.id, at=clock.now())
    assert "Missing: a." in turn(client, draft, "publish")

    link(client, draft, room.card("Et kort som står"))
    turn(client, draft, "publish")
    assert (draft.state, draft.version) == ("published", 1)


def test_without_clauses_there_is_nothing_to_publish(client, draft, room):
    client.post(f"/policy/{draft.number}/a/strike/")
    assert "nothing to publish" in turn(client, draft, "publish")
    assert draft.state == "draft"


def test_what_is_published_is_changed_only_after_taking_it_back(client, draft, room):
    card, other = room.card("Begynn kvelden ved bordet"), room.card("Et annet ord")
    link(client, draft, card)
    turn(client, draft, "publish")
    number = draft.number
    assert (
        "published" in client.post(f"/policy/{number}/a/", {"text": "Nye ord", "lang": "nb"}).content.decode()
    )
    assert link(client, draft, other).status_code == 400
    assert client.post(f"/policy/{number}/a/let-go/", {"card": str(card.id)}).status_code == 400
    assert client.post(f"/policy/{number}/a/strike/").status_code == 400
    client.post(f"/policy/{number}/title/", {"title": "Ny tittel", "lang": "nb"})
    draft.refresh_from_db()
    assert draft.title == "Gi kvelden to hender"
    assert Clause.objects.get().text != "Nye ord"
    assert ClauseSupport.objects.get().card == card

    turn(client, draft, "unpublish")
    client.post(f"/policy/{number}/a/", {"text": "Nye ord", "lang": "nb"})
    client.post(f"/policy/{number}/title/", {"title": "Ny tittel", "lang": "nb"})
    turn(client, draft, "publish")
    assert (draft.version, draft.title, Clause.objects.get().text) == (2, "Ny tittel", "Nye ord")


def test_a_draft_cannot_be_retired_and_a_published_one_can(client, draft, room):
    assert "draft" in turn(client, draft, "retire")
    assert draft.state == "draft"
    link(client, draft, room.card("Begynn kvelden ved bordet"))
    turn(client, draft, "publish")
    turn(client, draft, "retire")
    assert draft.state == "retired"
    assert client.post(f"/policy/{draft.number}/turn/", {"to": "burn"}).status_code == 400


def test_clauses_get_letters_in_order(client, draft):
    for words in ("Andre", "Tredje"):
        client.post(f"/policy/{draft.number}/", {"text": words, "lang": "nb"})
    client.post(f"/policy/{draft.number}/b/strike/")
    client.post(f"/policy/{draft.number}/", {"text": "Fjerde", "lang": "nb"})
    assert list(Clause.objects.values_list("letter", flat=True)) == ["a", "c", "d"]


def test_numbers_follow_each_other(client, writer):
    client.force_login(writer)
    for title in ("Første", "Andre"):
        client.post("/policy/", {"title": title, "lang": "nb"})
    assert list(Recommendation.objects.values_list("number", "title")) == [(1, "Første"), (2, "Andre")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": "", "lang": "nb"}, "This field is required"),
        ({"title": "ord " * 60, "lang": "nb"}, "at most 200 characters"),
        ({"title": "Spør 19900101-2385", "lang": "nb"}, "personal identity number"),
        ({"title": "God tittel", "lang": "xx"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_title_is_said_beside_the_field(client, writer, fields, said):
    client.force_login(writer)
    assert said in client.post("/policy/", fields).content.decode()
    assert not Recommendation.objects.exists()
    assert client.post("/policy/", {"title": "God tittel", "lang": "nb"}).status_code == 302

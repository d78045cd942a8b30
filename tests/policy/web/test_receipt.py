import logging

import pytest
from django.apps import apps

from sirkel.circles.enums import Audience, Signing
from sirkel.circles.models import InboxNote, Note
from sirkel.circles.rules.tokens import receipt_hash
from sirkel.kernel.ids import new_receipt
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.policy.forms import in_groups
from tests.factories.thread import RoomOfOwn, make_reader, make_recommendation

pytestmark = pytest.mark.django_db

WORDS = "Alle ringeklokkene ringer samtidig om kvelden"
STAYED = "It stayed in the room. That is where most notes belong."


@pytest.fixture
def room():
    return RoomOfOwn()


def ask(client, receipt, **extra):
    return client.post("/receipt/", {"receipt": receipt, **extra})


def story(client, receipt):
    answer = ask(client, receipt)
    assert answer.status_code == 200
    return answer.content.decode()


def every_text_in_the_database():
    for model in apps.get_models():
        columns = [field.attname for field in model._meta.concrete_fields if not field.is_relation]
        for row in model._base_manager.values_list(*columns):
            yield from ((model.__name__, str(value)) for value in row)


def tables_that_hold(words):
    return {name for name, value in every_text_in_the_database() if words.casefold() in value.casefold()}


def test_the_whole_thread_from_note_to_recommendation(client, room):
    theme = room.theme("Kveldens første time")
    _note, receipt = room.note(WORDS, theme=theme)
    trial = room.trial("To ved bordet fra 16 til 17", theme=theme)
    card = room.card("Begynn kvelden ved bordet", Audience.NETWORK, trial=trial)
    recommendation = make_recommendation(make_reader(Role.POLICY), [card], title="Gi kvelden to hender")
    page = story(client, receipt)
    hops = [
        "Your note lives on in a recommendation",
        "third meeting, March 2026",
        WORDS,
        "chosen by the circle",
        "Kveldens første time",
        "kept",
        "To ved bordet fra 16 til 17",
        "Det tok ikke lengre tid.",
        "shared in the network",
        "Begynn kvelden ved bordet",
        f"Recommendation {recommendation.number}, clause a",
        f"/recommendations/{recommendation.number}/#a",
        "Gi kvelden to hender",
    ]
    places = [page.index(hop) for hop in hops]
    assert places == sorted(places)
    assert STAYED not in page
    assert "to av oss" not in page  # who does it is the room's own
    assert client.get(f"/recommendations/{recommendation.number}/").status_code == 200


@pytest.mark.parametrize("rests_on", ["note", "theme", "trial"])
def test_a_card_is_found_from_every_note_it_rests_on_and_from_no_other(client, room, rests_on):
    theme = room.theme("Kveldens første time")
    note, receipt = room.note(WORDS, theme=theme)
    _other, beside = room.note("Middagen tar for lang tid", theme=theme)
    _alone, apart = room.note("Noe helt annet", theme=room.theme("Natten", is_chosen=False))
    thing = {"note": note, "theme": theme, "trial": room.trial("To ved bordet", theme=theme)}[rests_on]
    room.card("Begynn kvelden ved bordet", **{rests_on: thing})

    def leads_to_card(kept):
        return "Begynn kvelden ved bordet" in story(client, kept)

    assert leads_to_card(receipt)
    assert leads_to_card(beside) == (rests_on != "note")
    assert not leads_to_card(apart)


def test_where_it_ends_is_said_plainly(client, room):
    _note, plain = room.note("En lapp for seg selv")
    _note, chosen = room.note(WORDS, theme=room.theme("Kvelden"))
    tried = room.theme("Middagen")
    room.trial("Del middagen i to", theme=tried, is_decided=False)
    _note, trial = room.note("Middagen tar for lang tid", theme=tried)
    ends = {receipt: story(client, receipt) for receipt in (plain, chosen, trial)}
    assert all(STAYED in page for page in ends.values())
    assert "Your note stayed in the room" in ends[plain]
    assert "Your circle chose to go on with what you wrote about" in ends[chosen]
    assert "Your note led to a trial" in ends[trial]
    assert "running now" in ends[trial]


def test_what_somebody_kept_in_the_room_is_told_as_that(client, room):
    note, receipt = room.note(WORDS)
    item = room.share("Begynn kvelden ved bordet", note=note)
    type(item).objects.filter(id=item.id).update(state="objected")
    item.card.delete()
    page = story(client, receipt)
    assert "stays in the room" in page
    assert STAYED in page


def test_a_note_that_waits_or_is_held_says_so_and_a_waiting_one_cannot_be_taken_back(client, room):
    receipt = new_receipt()
    InboxNote.objects.create(
        round=room.writing,
        token=b"t" * 32,
        client_id=room.circle.id,
        text=WORDS,
        lang="nb",
        receipt_hash=receipt_hash(receipt),
    )
    page = story(client, receipt)
    assert "Your note has arrived" in page
    assert WORDS not in page
    assert "Take my note back" not in page
    client.post("/receipt/take-back/", {"receipt": receipt, "sure": "1"})
    assert InboxNote.objects.get().text == WORDS

    _note, held = room.note("Holdt tilbake", is_held=True)
    assert "Your note is kept back for now" in story(client, held)
    client.post("/receipt/take-back/", {"receipt": held, "sure": "1"})
    assert not tables_that_hold("Holdt tilbake")


@pytest.mark.parametrize("written", ["{groups}", "{lower}", "  {hyphens} ", "{lookalikes}"])
def test_a_receipt_is_understood_however_it_is_written(client, room, written):
    note, _receipt = room.note(WORDS)
    receipt = "7QF2M9KD31XT0A1B"
    Note.objects.filter(id=note.id).update(receipt_hash=receipt_hash(receipt))
    shapes = {
        "groups": in_groups(receipt),
        "lower": receipt.lower(),
        "hyphens": in_groups(receipt).replace(" ", "-"),
        "lookalikes": receipt.replace("0", "O").replace("1", "I"),
    }
    page = story(client, written.format(**shapes))
    assert WORDS in page
    assert "7QF2 M9KD 31XT 0A1B" in page


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("", 400, "Write the signs of your receipt first."),
        ("7QF2 M9KD 31XT", 400, "This has 12."),
        ("7QF2 M9KD 31XT 0A1B", 404, "No note has this receipt."),
        ("<script>alert(1)</script>", 400, "This has 18."),
    ],
)
def test_what_is_no_receipt_is_said_beside_the_field(client, room, typed, status, said):
    room.note(WORDS)
    for address in ("/receipt/", "/receipt/take-back/"):
        answer = client.post(address, {"receipt": typed, "sure": "1"})
        assert answer.status_code == status
        assert said in answer.content.decode()
        assert WORDS not in answer.content.decode()
    assert Note.objects.get().text == WORDS


def test_taking_back_asks_first_and_then_removes_the_words_from_every_table(client, room):
    theme = room.theme(WORDS)
    type(room.writing).objects.update(signing=Signing.CHOICE)
    note, receipt = room.note(WORDS, theme=theme, signed_name="Exempel Prøve")
    quoted = room.card(WORDS, Audience.PUBLIC, note=note)
    own = room.card("Kvelden blir roligere med to ved bordet", Audience.PUBLIC, theme=theme)
    writer = make_reader(Role.POLICY)
    recommendation = make_recommendation(writer, [quoted, own], [quoted])
    assert tables_that_hold(WORDS) == {"Note", "Theme", "ShareItem", "ExperienceCard"}

    asked = client.post("/receipt/take-back/", {"receipt": receipt})
    assert "Take your note back for good?" in asked.content.decode()
    assert "2 clauses that rest on it are marked as weaker." in asked.content.decode()
    assert tables_that_hold(WORDS) == {"Note", "Theme", "ShareItem", "ExperienceCard"}

    done = client.post("/receipt/take-back/", {"receipt": receipt, "sure": "1"})
    page = done.content.decode()
    assert done.status_code == 200
    assert "You took your note back" in page
    assert "taken back by you" in page
    assert "weakened" in page
    assert "nothing left beneath it" in page
    assert WORDS not in page
    assert tables_that_hold(WORDS) == set()
    assert tables_that_hold("Exempel Prøve") == set()

    public = client.get(f"/recommendations/{recommendation.number}/").content.decode()
    assert WORDS not in public
    assert "weakened" in public
    assert "nothing left beneath it" in public
    assert "Kvelden blir roligere" in public

    again = story(client, receipt)
    assert "You took your note back" in again
    assert "Take my note back" not in again
    assert client.post("/receipt/take-back/", {"receipt": receipt, "sure": "1"}).status_code == 200


def test_neither_receipt_nor_person_stays_anywhere(client, room, caplog):
    caplog.set_level(logging.DEBUG)
    _note, receipt = room.note(WORDS)
    wrong = new_receipt()
    answers = [
        client.get("/receipt/"),
        ask(client, receipt),
        ask(client, wrong),
        client.post("/receipt/take-back/", {"receipt": receipt}),
        client.post("/receipt/take-back/", {"receipt": receipt, "sure": "1"}),
    ]
    assert not client.cookies
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)
    assert all("Location" not in answer.headers for answer in answers)
    for secret in (receipt, wrong, in_groups(receipt)):
        assert secret not in caplog.text
        assert not tables_that_hold(secret)
        assert all(f"?{secret}" not in answer.content.decode() for answer in answers)
    for event in AuditEvent.objects.filter(verb__in=["share.withdrawn", "card.withdrawn"]):
        assert event.actor is None


def test_a_signed_in_reader_is_not_named_on_the_page(client, room):
    _note, receipt = room.note(WORDS)
    client.force_login(room.facilitator)
    for page in (client.get("/receipt/").content.decode(), story(client, receipt)):
        assert room.facilitator.first_name not in page
        assert "Sign out" not in page


def test_a_receipt_in_the_address_answers_nothing(client, room):
    _note, receipt = room.note(WORDS)
    assert WORDS not in client.get("/receipt/", {"receipt": receipt}).content.decode()
    assert client.get("/receipt/take-back/", {"receipt": receipt, "sure": "1"}).status_code == 405
    assert Note.objects.get().text == WORDS


def test_guessing_ends_after_twenty_wrong_receipts_and_only_for_who_guesses(client, room):
    _note, receipt = room.note(WORDS)
    for _try in range(5):
        assert ask(client, "7QF2").status_code == 400  # a slip of the pen is no guess
    for _try in range(20):
        assert ask(client, new_receipt()).status_code == 404
    assert ask(client, new_receipt()).status_code == 429
    assert ask(client, receipt).status_code == 429
    assert client.post("/receipt/take-back/", {"receipt": receipt, "sure": "1"}).status_code == 429
    assert Note.objects.get().text == WORDS
    elsewhere = client.post("/receipt/", {"receipt": receipt}, REMOTE_ADDR="192.0.2.7")
    assert WORDS in elsewhere.content.decode()


def test_the_language_is_chosen_without_a_cookie(client, room):
    _note, receipt = room.note(WORDS)
    page = client.get("/receipt/?lang=fi")
    assert page.headers["Content-Language"] == "fi"
    assert '<html lang="fi">' in page.content.decode()
    assert 'action="/receipt/?lang=fi"' in page.content.decode()
    answered = client.post("/receipt/?lang=sv", {"receipt": receipt})
    assert '<html lang="sv">' in answered.content.decode()
    assert "mars 2026" in answered.content.decode()
    assert '<html lang="en">' in client.get("/receipt/?lang=tlh").content.decode()
    assert not client.cookies

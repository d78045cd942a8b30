import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from sirkel.circles.domain import planning, withdrawing
from sirkel.circles.domain.moderating import hold_note
from sirkel.circles.domain.pulse import answer_pulse
from sirkel.circles.enums import MemberRole
from sirkel.circles.models import InboxNote, Meeting, Membership
from sirkel.circles.queries.recap import recap_of
from sirkel.circles.views.participant import PASS_COOKIE
from sirkel.kernel import clock
from sirkel.kernel.ids import new_receipt
from sirkel.people.domain.seats import pass_for
from sirkel.people.enums import Role
from tests.factories.meetings import make_meeting
from tests.factories.places import START, make_circle, make_person, make_workplace
from tests.factories.player import Player, Script

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
RECEIPT = new_receipt()

NOTES = [
    {"text": "Når vi rydder kjøkkenet først, sitter bord 2 alene", "lang": "nb", "group": "table"},
    {"text": "Illalla kaikki soittokellot soivat yhtä aikaa", "lang": "fi", "group": "evening"},
    {"text": "Eahkedis lea ollu šlápma, ja mii dárbbašit ráfi: čđŋšŧž", "lang": "se", "group": "evening"},
    {"text": "Ingen vet hvem som har <ansvar> & nøkkel", "lang": "nb", "group": "table"},
    {"text": "Denne tar jeg tilbake", "lang": "nb", "group": "table", "receipt": RECEIPT},
    {"text": "Vi säger inte till när vi tycker olika", "lang": "sv", "group": "alone"},
]
GROUPS = {
    "table": {"title": "De som sitter igjen", "lang": "nb"},
    "evening": {"title": "Illan ensimmäinen tunti", "lang": "fi"},
    "alone": {"title": "…", "lang": "nb"},
}
TRIAL = {
    "what": "Én sitter med bord 2 fra kl. 16 til 17",
    "who": "Den som har kveldsvakt B",
    "when": "Hver kveld i tre uker",
    "prediction": "Vi må gå imellom færre enn fem ganger i uken",
    "look_at": "Strek på tavla",
    "stop_rule": "Noen ikke får kveldsmat før kl. 19",
    "lang": "nb",
    "ends_in_days": 1,
}
SHARE = [
    {"text": "Å sitte ned først er også arbeid", "lang": "nb", "audience": "colleagues", "rests_on": "theme"}
]


def played(**script):
    """A circle whose first meeting has been held, by the demo's own player, and its facilitator."""
    circle, marit = make_circle(meetings=2)
    first = circle.meetings.get(number=1)
    told = {"people": 6, "notes": NOTES, "groups": GROUPS, "chosen": "table", "trial": TRIAL, "share": SHARE}
    Player(facilitator=marit, meeting=first, script=Script(**{**told, **script})).play()
    first.refresh_from_db()
    return first, marit


def signed_in(person, language="nb"):
    client = Client(headers={"accept-language": language})
    client.force_login(person, backend=BACKEND)
    return client


def page_of(meeting):
    return f"/meetings/{meeting.id}/recap/"


def text_of_pdf(answer):
    pages = PdfReader(io.BytesIO(answer.content), strict=True).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def text_of_word(answer):
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", " ", " ".join([*(each.text for each in document.paragraphs), *cells]))


def text_of_page(answer):
    import html

    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


class TestContent:
    @pytest.fixture
    def meeting(self):
        return played()[0]

    def test_it_holds_exactly_what_the_circle_wrote_and_decided(self, meeting):
        recap = recap_of(meeting=meeting, language="nb")
        assert (recap.meeting_number, recap.attendance_count, recap.kept_trials) == (1, 6, 0)
        assert recap.held_on == START.date()
        assert (recap.theme.text, recap.theme.lang) == ("De som sitter igjen", "nb")
        (section,) = recap.sections
        found = [
            (cluster.title, cluster.lang, sorted((note.text, note.lang) for note in cluster.notes))
            for cluster in section.clusters
        ]
        assert sorted(found, key=str) == sorted(
            [
                (
                    GROUPS[key]["title"] if key != "alone" else None,
                    GROUPS[key]["lang"] if key != "alone" else None,
                    sorted((note["text"], note["lang"]) for note in NOTES if note["group"] == key),
                )
                for key in GROUPS
            ],
            key=str,
        )
        (trial,) = recap.trials
        assert (trial.what, trial.stop_rule) == (TRIAL["what"], TRIAL["stop_rule"])
        assert [(item.text, item.lang) for item in recap.shared] == [(SHARE[0]["text"], "nb")]
        assert recap.parked == []
        assert [answer[0] for answer in recap.pulse.answers]

    def test_the_notes_nobody_grouped_come_last(self, meeting):
        (section,) = recap_of(meeting=meeting, language="nb").sections
        assert [cluster.title for cluster in section.clusters][-1] is None

    def test_nothing_says_who_wrote_what_or_when(self, meeting):
        recap = recap_of(meeting=meeting, language="nb")
        notes = [note for section in recap.sections for cluster in section.clusters for note in cluster.notes]
        assert {note.signed_name for note in notes} == {None}

    def test_a_note_taken_back_is_gone_from_every_shape(self, meeting):
        marit = Membership.objects.get().person
        client = signed_in(marit)
        gone = "Denne tar jeg tilbake"
        assert gone in text_of_page(client.get(page_of(meeting)))
        withdrawing.withdraw_by_receipt(receipt=RECEIPT)
        assert gone not in text_of_page(client.get(page_of(meeting)))
        assert gone not in text_of_pdf(client.get(f"/meetings/{meeting.id}/recap.pdf"))
        assert gone not in text_of_word(client.get(f"/meetings/{meeting.id}/recap.docx"))

    def test_page_pdf_and_word_say_the_same(self, meeting):
        client = signed_in(Membership.objects.get().person)
        shapes = [
            text_of_page(client.get(page_of(meeting))),
            text_of_pdf(client.get(f"/meetings/{meeting.id}/recap.pdf")),
            text_of_word(client.get(f"/meetings/{meeting.id}/recap.docx")),
        ]
        wanted = [note["text"] for note in NOTES]
        wanted += [value for key, value in TRIAL.items() if key not in {"lang", "ends_in_days"}]
        wanted += [SHARE[0]["text"], "De som sitter igjen", "Illan ensimmäinen tunti", "andag 2. mars 2026"]
        for text in shapes:
            assert [words for words in wanted if words not in text] == []

    def test_words_are_tagged_with_their_language(self, meeting):
        html = signed_in(Membership.objects.get().person).get(page_of(meeting)).content.decode()
        assert '<span lang="se">Eahkedis lea ollu šlápma, ja mii dárbbašit ráfi: čđŋšŧž</span>' in html
        assert '<span lang="fi">Illalla kaikki soittokellot soivat yhtä aikaa</span>' in html
        assert "&lt;ansvar&gt; &amp; nøkkel" in html

    def test_the_page_is_in_its_reader_s_language(self, meeting):
        person = Membership.objects.get().person
        assert "Maanantai 2. maaliskuuta 2026" in text_of_page(signed_in(person, "fi").get(page_of(meeting)))
        assert meeting.steps.get(key="write").title["fi"] in text_of_page(
            signed_in(person, "fi").get(page_of(meeting))
        )

    def test_few_questions_to_the_database(self, meeting, django_assert_max_num_queries):
        client = signed_in(Membership.objects.get().person)
        with django_assert_max_num_queries(22):
            client.get(page_of(meeting))


def test_the_next_recap_tells_what_became_of_the_trial():
    first, marit = played()
    second = Meeting.objects.get(circle=first.circle, number=2)
    told = {
        "happened": "Fra ni til fire ganger i uken.",
        "decision": "keep",
        "learning": "Ett bord, ingenting annet.",
    }
    Player(facilitator=marit, meeting=second, script=Script(people=6, look_back=told)).play()
    second.refresh_from_db()
    recap = recap_of(meeting=second, language="en")
    assert [(look.trial, look.outcome, look.happened, look.learning) for look in recap.look_back] == [
        (TRIAL["what"], "Keep", told["happened"], told["learning"])
    ]
    assert recap.kept_trials == 1
    assert recap_of(meeting=first, language="en").kept_trials == 0


def test_a_note_that_was_held_back_is_not_in_it():
    live = make_meeting(step="write", people=4)
    live.write("Vist én", "Vist to", "Holdt igjen", "Parkert")
    held = InboxNote.objects.get(text="Holdt igjen")
    hold_note(
        acting=live.facilitator, meeting_id=live.meeting.id, note_id=held.id, is_held=True, at=clock.now()
    )
    InboxNote.objects.filter(text="Parkert").update(is_parked=True)
    live.reveal().close()
    recap = recap_of(meeting=live.meeting, language="nb")
    shown = [note.text for part in recap.sections for cluster in part.clusters for note in cluster.notes]
    assert sorted(shown) == ["Vist to", "Vist én"]
    assert [note.text for note in recap.parked] == ["Parkert"]
    text = text_of_page(signed_in(live.facilitator).get(page_of(live.meeting)))
    assert "Holdt igjen" not in text


@pytest.mark.threat(row="T10")
@pytest.mark.parametrize(("answers", "is_shown"), [(4, False), (5, True)])
def test_the_check_out_is_worded_and_only_from_five_answers(answers, is_shown):
    live = make_meeting(step="check-out", people=6)
    for device in live.devices[:answers]:
        answer_pulse(
            meeting_id=live.meeting.id,
            round_id=live.round.id,
            device=device,
            felt_heard=3,
            was_useful=2,
            word="Godt å sitte",
            lang="nb",
        )
    live.close()
    pulse = recap_of(meeting=live.meeting, language="en").pulse
    if is_shown:
        assert pulse.answers == [
            ("Were you heard?", "nearly all: yes"),
            ("Was it useful?", "nearly all: partly"),
        ]
        assert [word.text for word in pulse.words] == ["Godt å sitte"] * 5
    else:
        assert (pulse.answers, pulse.words) == ((), ())
        assert pulse.remark
    assert not re.search(r"\b[456]\b", " ".join(words for _question, words in pulse.answers))


def test_a_meeting_in_which_nothing_was_written_says_so():
    live = make_meeting(people=2)
    live.close()
    client = signed_in(live.facilitator, "en")
    assert "Nothing was written down in this meeting." in text_of_page(client.get(page_of(live.meeting)))
    assert client.get(f"/meetings/{live.meeting.id}/recap.pdf").content.startswith(b"%PDF-")


class TestAccess:
    @pytest.fixture
    def meeting(self):
        live = make_meeting(people=2)
        live.close()
        self.facilitator = live.facilitator
        return live.meeting

    def paths(self, meeting):
        return [page_of(meeting), f"/meetings/{meeting.id}/recap.pdf", f"/meetings/{meeting.id}/recap.docx"]

    def test_members_read_it(self, meeting):
        member = make_person(name="Aino")
        Membership.objects.create(circle=meeting.circle, person=member, role=MemberRole.PARTICIPANT)
        assert [signed_in(member).get(path).status_code for path in self.paths(meeting)] == [200, 200, 200]

    def test_somebody_who_has_left_does_not(self, meeting):
        Membership.objects.update(left_at=clock.now())
        assert [signed_in(self.facilitator).get(path).status_code for path in self.paths(meeting)] == [
            404
        ] * 3

    def test_a_phone_reads_it_for_a_day(self, meeting, client):
        client.cookies[PASS_COOKIE] = pass_for(room=meeting.id)
        assert [client.get(path).status_code for path in self.paths(meeting)] == [200, 200, 200]

    def test_after_a_day_it_no_longer_does(self, meeting, client, monkeypatch):
        import time

        client.cookies[PASS_COOKIE] = pass_for(room=meeting.id)
        later = time.time() + timedelta(days=1, minutes=1).total_seconds()
        monkeypatch.setattr("django.core.signing.time.time", lambda: later)
        assert client.get(page_of(meeting)).status_code == 404

    def test_a_phone_of_another_meeting_does_not(self, meeting, client):
        other = make_meeting(people=1).close().meeting
        client.cookies[PASS_COOKIE] = pass_for(room=other.id)
        assert client.get(page_of(meeting)).status_code == 404
        client.cookies[PASS_COOKIE] = f"{pass_for(room=meeting.id)}x"
        assert client.get(page_of(meeting)).status_code == 404

    def test_nobody_else_does(self, meeting, client):
        assert [client.get(path).status_code for path in self.paths(meeting)] == [404] * 3
        elsewhere = signed_in(make_person(role=Role.FACILITATOR, workplace=make_workplace()))
        assert [elsewhere.get(path).status_code for path in self.paths(meeting)] == [404] * 3
        leader = signed_in(make_person(role=Role.LEADER, workplace=meeting.circle.workplace))
        assert [leader.get(path).status_code for path in self.paths(meeting)] == [404] * 3

    def test_there_is_none_before_the_meeting_is_over(self):
        live = make_meeting(step="write", people=3)
        client = signed_in(live.facilitator)
        client.cookies[PASS_COOKIE] = pass_for(room=live.meeting.id)
        assert client.get(page_of(live.meeting)).status_code == 404

    def test_it_is_kept_in_no_cache(self, meeting):
        for path in self.paths(meeting):
            assert "no-store" in signed_in(self.facilitator).get(path).headers["Cache-Control"]


def test_a_stance_that_nobody_is_against_is_a_decision():
    circle, marit = make_circle(meetings=0, method="meeting-90-last")
    plan = planning.MeetingPlan(starts_at=START, method="meeting-90-last")
    meeting = planning.add_meeting(acting=marit, circle=circle, plan=plan)
    live = make_meeting(method="meeting-90-last", circle=circle, facilitator=marit, people=3)
    assert meeting.number == 1
    choose = live.meeting.steps.get(kind="choose")
    source = live.meeting.steps.get(
        key=live.meeting.steps.get(key=choose.settings["source"]).settings["source"]
    )
    live.go_to(source.key)
    live.write("Vi møtes videre i høst", "Vi stopper med torsdagene", "Vi skriver det ned")
    live.reveal().go_to(choose.key)
    from sirkel.circles.domain.choosing import cast
    from sirkel.circles.queries.rounds import options_of

    options = {words: str(option) for option, words, _lang in options_of(choose)}
    stances = [
        {"Vi møtes videre i høst": "can_live", "Vi stopper med torsdagene": "can_live"},
        {"Vi møtes videre i høst": "can_live", "Vi stopper med torsdagene": "cannot"},
    ]
    for device, chosen in zip(live.devices, stances, strict=False):
        cast(
            meeting_id=live.meeting.id,
            round_id=live.round.id,
            device=device,
            picks={options[words]: stance for words, stance in chosen.items()},
        )
    live.reveal().close()
    decided = recap_of(meeting=live.meeting, language="nb").decisions
    assert [note.text for note in decided] == ["Vi møtes videre i høst"]

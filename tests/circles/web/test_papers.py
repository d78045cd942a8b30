"""The papers of a circle: who sees which, three formats of one content, and six languages."""

import html
import re
from datetime import timedelta

import pytest

from sirkel.circles.domain import agreeing
from sirkel.circles.models import Meeting, Membership, Trial
from sirkel.exchange.language import culture
from sirkel.kernel import clock
from tests.exchange.unit.pdf_reading import (
    assert_accessible,
    assert_nothing_untagged,
    assert_read_in_order,
    opened,
    text_of,
)
from tests.exchange.unit.word_reading import assert_sound, word, words_of
from tests.factories.anchoring import RULES, commit
from tests.factories.circle_papers import MEMBER, browser, listed, make_all_papers
from tests.factories.meetings import make_circle, make_meeting

pytestmark = pytest.mark.django_db
LANGUAGES = ("nb", "nn", "da", "sv", "fi", "en")
NAMES = ["Marit Solveig", MEMBER]
ATTACK = '</w:t>#panic() <b>"Rolig"</b> čđŋ \u202e \U0001f642'


@pytest.fixture
def made():
    return make_all_papers()


def names_of(client, circle):
    return [name.partition(",")[0] for name in listed(client, circle)]


OWN = ["Leader commitment", "Our ground rules", "Study hours"]


def test_everybody_finds_their_own_papers_and_no_other(made):
    assert names_of(browser(made.facilitator), made.circle) == [
        *OWN,
        "Run sheet",
        "Join card for the break room",
        "Paper cards for those who write by hand",
        "Code for the box for the next meeting",
        "Trial poster for colleagues",
        "Code for how a trial goes",
        "Recap",
        "Recap",
    ]
    assert names_of(browser(made.member), made.circle) == [*OWN, "Recap", "Recap"]
    for person in (made.leader, made.union):
        assert names_of(browser(person), made.circle) == ["Leader commitment"]


def test_what_is_listed_opens_in_all_three_formats_for_whoever_sees_it(made):
    for person in (made.facilitator, made.member, made.leader):
        client = browser(person)
        for name, ways in listed(client, made.circle).items():
            assert set(ways) == {"Page", "PDF", "Word"}, name
            answers = {form: client.get(address) for form, address in ways.items()}
            assert answers["Page"].status_code == 200, name
            assert answers["PDF"].content.startswith(b"%PDF"), name
            assert answers["Word"].content.startswith(b"PK"), name


def test_what_is_not_listed_does_not_open_either(made):
    everything = listed(browser(made.facilitator), made.circle)
    for person in (made.member, made.leader, made.union):
        client = browser(person)
        hidden = set(everything) - set(listed(client, made.circle))
        assert len(hidden) >= 6
        for name in hidden:
            for address in everything[name].values():
                assert client.get(address).status_code == 404, (name, address)
    stranger = browser(make_meeting().facilitator)
    assert stranger.get(f"/circles/{made.circle.id}/papers/").status_code == 404


def test_somebody_who_left_sees_no_paper(made):
    client = browser(made.member)
    addresses = [way for ways in listed(client, made.circle).values() for way in ways.values()]
    assert {client.get(address).status_code for address in addresses} == {200}
    Membership.objects.filter(person=made.member).update(left_at=clock.now())
    assert {client.get(address).status_code for address in addresses} == {404}


def test_every_paper_is_accessible_in_its_language(made):
    client = browser(made.facilitator)
    for place, (name, ways) in enumerate(listed(client, made.circle).items()):
        # Two languages for each paper; over all papers every language comes up, three or four times.
        for language in (LANGUAGES[place % 6], LANGUAGES[(place + 3) % 6]):
            pdf = client.get(f"{ways['PDF']}?lang={language}").content
            title = opened(pdf).metadata.title
            assert_accessible(pdf, language=language, title=title)
            assert_nothing_untagged(pdf)
            assert_read_in_order(pdf)
            docx = client.get(f"{ways['Word']}?lang={language}").content
            assert_sound(docx, culture=culture(language), title=title)
            page = client.get(f"{ways['Page']}?lang={language}").content.decode()
            assert f'<html lang="{language}"' in page, name
            assert f"<title>{html.escape(title)}</title>" in page, name


@pytest.mark.parametrize("asked", ["", "?lang=xx", "?lang=nb"])
def test_a_paper_is_in_the_circles_language_unless_asked_otherwise(made, asked):
    client = browser(made.facilitator, "sv")
    for paper in ("commitment", "ground-rules", "study-hours"):
        assert (
            '<html lang="nb"'
            in client.get(f"/circles/{made.circle.id}/papers/{paper}/{asked}").content.decode()
        )


def test_a_circle_in_a_language_without_texts_gets_a_neighbours(made):
    made.circle.languages = ["is"]
    made.circle.save()
    page = (
        browser(made.facilitator, "fi").get(f"/circles/{made.circle.id}/papers/commitment/").content.decode()
    )
    assert '<html lang="en"' in page


class TestStudyHours:
    def read(self, made, person, language="en"):
        client, where = browser(person), f"/circles/{made.circle.id}/papers/study-hours"
        page = client.get(f"{where}/?lang={language}").content.decode().split("<main")[1].split("</main>")[0]
        return [
            re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))),
            " ".join(text_of(client.get(f"{where}.pdf?lang={language}").content).split()),
            words_of(client.get(f"{where}.docx?lang={language}").content),
        ]

    def test_it_holds_hours_and_what_is_missing(self, made):
        for text in self.read(made, made.facilitator):
            assert "4 study hours, 2 meetings held" in text
            assert "Not yet. Still missing: 5 study hours, 1 meeting." in text
            assert "Not yet. Still missing: 6 study hours, 1 meeting." in text
            assert "at least 9 study hours, at least 3 meetings" in text

    def test_it_says_when_it_is_enough(self, made):
        for _number in range(2):
            held = make_meeting(circle=made.circle, facilitator=made.facilitator).close().meeting
            Meeting.objects.filter(id=held.id).update(
                duration_minutes=150, opened_at=clock.now() - timedelta(minutes=150), closed_at=clock.now()
            )
        for text in self.read(made, made.facilitator):
            assert "10.6 study hours, 4 meetings held" in text
            assert text.count("Hours and meetings are enough.") == 2

    def test_numbers_are_written_as_the_reader_writes_them(self, made):
        Meeting.objects.filter(id=made.held.id).update(
            opened_at=clock.now() - timedelta(minutes=80), closed_at=clock.now()
        )
        assert all("3,7" in text for text in self.read(made, made.facilitator, "fi"))

    def test_nobodys_name_stands_in_it_and_it_asks_for_no_number(self, made):
        made.facilitator.first_name, made.facilitator.family_name = NAMES[0], "Sjeldent Etternavn"
        made.facilitator.save()
        before = self.read(made, made.member)
        for text in before:
            assert not any(name in text for name in [*NAMES, "Sjeldent", "@"])
        # Somebody more or less in the circle changes nothing on it.
        Membership.objects.filter(person=made.member).delete()
        Meeting.objects.update(attendance_count=7)
        assert self.read(made, made.facilitator)[0] == before[0]


def test_the_commitment_says_the_same_on_the_page_and_on_paper(made):
    client, where = browser(made.union), f"/circles/{made.circle.id}/papers/commitment"
    wanted = ["78 hours of working time in all", "Vikar på vakt B", "Rekkefølgen på kvelden", "signed by"]
    wanted += ["The leader answers within 10 working days.", "Nobody's work is watched or measured"]
    text = html.unescape(client.get(f"{where}/?lang=en").content.decode())
    pdf = " ".join(text_of(client.get(f"{where}.pdf?lang=en").content).split())
    for words in wanted:
        assert all(
            words in found for found in (text, pdf, words_of(client.get(f"{where}.docx?lang=en").content))
        )
    assert "To sign" not in pdf
    commit(made.circle, made.facilitator, None, base=1)
    assert "To sign" in text_of(client.get(f"{where}.pdf?lang=en").content)


def test_the_ground_rules_say_how_many_agreed_and_never_who(made):
    client, where = browser(made.facilitator), f"/circles/{made.circle.id}/papers/ground-rules"
    docx = client.get(f"{where}.docx?lang=en").content
    assert [p.text for p in word(docx).paragraphs if p.style.name == "List Number"] == RULES
    assert "by 7 of us" in words_of(docx)
    agreeing.reopen_agreement(acting=made.facilitator, circle_id=made.circle.id, version=1, at=clock.now())
    assert "Open again" in words_of(client.get(f"{where}.docx?lang=en").content)


def test_papers_of_a_circle_where_nothing_is_written_yet_say_so():
    circle, facilitator = make_circle()
    client = browser(facilitator)
    page = client.get(f"/circles/{circle.id}/papers/").content.decode()
    assert page.count("Not written yet") == 2
    assert names_of(client, circle) == ["Study hours", "Code for the box for the next meeting"]
    for paper in ("commitment", "ground-rules"):
        assert (
            "Not written yet" in client.get(f"/circles/{circle.id}/papers/{paper}/?lang=en").content.decode()
        )
    study = client.get(f"/circles/{circle.id}/papers/study-hours.pdf?lang=en").content
    assert "No meeting has been held yet." in text_of(study)


@pytest.mark.threat(row="T14")
def test_names_with_markup_stay_text_in_every_paper(made):
    made.circle.name = f"{ATTACK} {'Arbeidstidsbestemmelse' * 3}"
    made.circle.save()
    Trial.objects.filter(id=made.trial.id).update(what=ATTACK)
    client = browser(made.facilitator)
    for name, ways in listed(client, made.circle).items():
        page, pdf, docx = (client.get(ways[form]).content for form in ("Page", "PDF", "Word"))
        assert b'<b>"Rolig"</b>' not in page, name
        assert b"&lt;b&gt;" in page, name
        assert "#panic()" in text_of(pdf), name
        assert "#panic()" in words_of(docx), name


def test_the_list_asks_the_database_few_times_however_many_meetings(made, django_assert_max_num_queries):
    client = browser(made.facilitator)
    for _number in range(4):
        make_meeting(circle=made.circle, facilitator=made.facilitator).close()
    with django_assert_max_num_queries(24):
        client.get(f"/circles/{made.circle.id}/papers/")


def test_the_circles_page_leads_to_its_papers(made):
    for person in (made.facilitator, made.member):
        assert (
            f'href="/circles/{made.circle.id}/papers/"'
            in browser(person).get(f"/circles/{made.circle.id}/").content.decode()
        )


@pytest.mark.parametrize(("reader", "print_it"), [("fi", "Tulosta"), ("sv", "Skriv ut"), ("en", "Print")])
def test_what_stands_around_a_paper_is_in_the_language_of_whoever_prints_it(made, reader, print_it):
    client = browser(made.facilitator)
    for name, ways in listed(client, made.circle).items():
        page = client.get(f"{ways['Page']}?lang=da", headers={"accept-language": reader}).content.decode()
        bar, _end, sheet = page.partition("</header>")
        if "print-bar" not in bar:
            continue  # the recap is a page, with a head of its own
        assert f'<header class="print-bar not-printed" lang="{reader}">' in bar, name
        assert re.search(rf"<button[^>]*>{print_it}</button>", bar), name
        assert '<html lang="da"' in page, name
        assert print_it not in sheet, name

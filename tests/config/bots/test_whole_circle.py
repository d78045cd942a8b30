"""A whole circle, played by bots through its pages, from "should we?" to after its end, and what each role sees of it."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from django.core import mail

from sirkel.circles.models import Circle, Handover, Meeting, Trial
from sirkel.config.bots.stories import VERBS, load
from sirkel.kernel import audit, clock
from sirkel.kernel.models import AuditEvent
from tests.config.bots.told import acts, browser_of, everything_read_by, told, what_was_said, words

pytestmark = [
    pytest.mark.slow,
    pytest.mark.pages,
    pytest.mark.django_db(databases=["default", "research", "vault"]),
]
TODAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NAMES = ("Ingrid", "Olav", "Sunniva", "Dawit", "Torgeir", "Aud", "Hege")
LATE_LINE = "Gi dei nye ein eigen mobil frå første dag"
OPEN_TO_LEADER = ("/", "/circles/", "/leader/")
OPEN_TO_UNION = ("/", "/circles/", "/representative/")


@pytest.fixture
def story():
    return load("no2-new")


def cut(story, *, last):
    """Return the story up to a day."""
    return {**story, "days": {day: each for day, each in story["days"].items() if day <= last}}


class TestTheWholeOfIt:
    def test_every_role_sees_its_own_and_nobody_sees_who_said_what(self, story):
        seen = {}

        def look():
            day = (clock.now().date() - first).days
            if day == OVERDUE_DAY:
                seen["leader"] = words(browser_of("Kari Eksempel").open("/leader/"))

        first = (TODAY + timedelta(days=story["first"])).date()
        cast = told(story, today=TODAY, after_day=look)
        with clock.frozen(TODAY):
            what_happened_is_kept(story)
            assert f"{LATE_LINE} " in seen["leader"]
            assert "The answer was due on" in seen["leader"]
            the_facilitator_finds_everything_again(story, cast)
            leader = browser_of("Kari Eksempel")
            nothing_said_is_on_a_page_of(story, leader, OPEN_TO_LEADER, "6 of 6 meetings held")
            nothing_said_is_on_a_page_of(story, browser_of("Per Demo"), OPEN_TO_UNION, "6 of 6 meetings held")
            the_leader_who_left_sees_nothing(browser_of("Randi Eksempel"))
            the_doors_of_the_circle_are_closed_to_the_leader(cast, leader)
            nothing_said_is_in_a_mail(story)


OVERDUE_DAY = 92


def what_happened_is_kept(story):
    """The numbers of the story, one by one."""
    circle = Circle.objects.get()
    assert circle.name == story["name"]
    assert Counter(Meeting.objects.values_list("state", flat=True)) == {"held": 6, "cancelled": 1}
    assert list(
        Meeting.objects.filter(state="held").order_by("starts_at").values_list("attendance_count", flat=True)
    ) == [8, 8, 7, 6, 7, 8]
    assert Trial.objects.count() == len(story["trials"]) == 11
    assert set(Trial.objects.values_list("state", flat=True)) == {"decided"}
    assert Counter(Trial.objects.values_list("decision", flat=True)) == {
        "keep": 6,
        "drop": 3,
        "adapt": 1,
        "needs_leader": 1,
    }
    assert Trial.objects.filter(follows__isnull=False).count() == 2
    answered = AuditEvent.objects.filter(verb="handover.answered")
    assert sorted(each.facts["is_late"] for each in answered) == [False, True]
    assert set(Handover.objects.values_list("state", "answer")) == {
        ("followed_up", "yes"),
        ("followed_up", "part"),
    }
    verbs = Counter(AuditEvent.objects.values_list("verb", flat=True))
    for verb, times in {
        "readiness.answered": 2,
        "commitment.written": 2,
        "commitment.signed": 2,
        "commitment.commented": 1,
        "circle.paused": 1,
        "circle.resumed": 1,
        "meeting.cancelled": 1,
        "trial.stopped": 1,
        "trial.next_cycle": 2,
    }.items():
        assert verbs[verb] == times, verb
    went = [each.facts["to"] for each in AuditEvent.objects.filter(verb="circle.phase").order_by("sequence")]
    assert went == ["focusing", "cocreating", "closing", "followup", "closed"]
    assert circle.state == "closed"
    assert [
        each.months for each in circle.follow_ups.filter(answered_on__isnull=False).order_by("months")
    ] == [3, 6]
    assert set(
        circle.memberships.filter(left_at__isnull=False).values_list("person__first_name", flat=True)
    ) == {"Aud"}
    assert audit.verify().breaks == ()


def the_facilitator_finds_everything_again(story, cast):
    """Each recap holds its meeting's notes, and the circle's page its trials with what was learned."""
    browser = cast.at_home()
    page = browser.page
    for trial in Trial.objects.all():
        assert escape(trial.what) in page
        assert escape(trial.learning) in page
    for _day, script in acts(story, "meet"):
        browser.open(cast.home)
        browser.follow(rf"/meetings/{script['meeting']}/$")
        recap = browser.follow(r"/recap/$")
        assert f">{script['people']}" in recap or f": {script['people']}" in words(recap)
        for line in script["notes"]:
            assert escape(line["text"]) in recap


def nothing_said_is_on_a_page_of(story, browser, starts, number):
    read = everything_read_by(browser, *starts)
    assert len(read) > 7, sorted(read)
    home = read[starts[-1]]
    assert number in words(home)
    handed = {line["text"] for _day, line in acts(story, "line")}
    for path, body in read.items():
        for kind, text in what_was_said(story):
            assert text in handed or text not in body, (path, kind, text)
            assert text in handed or escape(text) not in body, (path, kind, text)
        for name in NAMES:
            assert not re.search(rf"\b{name}\b", words(body)), (path, name)


def the_leader_who_left_sees_nothing(browser):
    assert browser.call("/leader/").body.count("Ny på jobb") == 0


def the_doors_of_the_circle_are_closed_to_the_leader(cast, leader):
    meeting, trial = Meeting.objects.filter(state="held").first(), Trial.objects.first()
    closed = [cast.home, f"{cast.home}challenges/", f"{cast.home}agreement/", f"{cast.home}expectations/"]
    closed += [f"{cast.home}handovers/", f"{cast.home}meetings/{meeting.number}/", f"{cast.home}meetings.ics"]
    closed += [f"{cast.home}meetings/{meeting.number}/meeting.ics", f"{cast.home}trials/{trial.id}/"]
    closed += [
        f"/meetings/{meeting.id}/{page}"
        for page in ("recap/", "recap.pdf", "recap.docx", "lead/", "run-sheet/")
    ]
    closed += [f"/meetings/{meeting.id}/lead/state/", f"/m/{meeting.id}/", f"/m/{meeting.id}/state/"]
    own = cast.facilitator
    assert {path: own.call(path).status for path in closed[:14]} == dict.fromkeys(closed[:14], 200)
    for path in closed:
        for accept in ("text/html", "application/json"):
            answer = leader.call(path, accept=accept)
            assert answer.status in {403, 404}, path
            assert "Ny på jobb" not in answer.body


def nothing_said_is_in_a_mail(story):
    assert len(mail.outbox) > 20
    for letter in mail.outbox:
        files = [str(part) for part in (*letter.attachments, *getattr(letter, "alternatives", ()))]
        text = "\n".join([letter.subject, letter.body, *files])
        for kind, said in what_was_said(story):
            assert said not in text, (letter.subject, kind)
        for _day, line in acts(story, "line"):
            assert line["text"] not in text, letter.subject


class TestOnePerson:
    @pytest.mark.threat(row="T1")
    def test_what_one_colleague_does_between_meetings_moves_no_byte_outside(self, story):
        """After the second meeting one colleague logs, leaves a challenge and reacts: leader and representative see no change."""
        cast = told(cut(story, last=22), today=TODAY)
        with clock.frozen(TODAY + timedelta(days=story["first"] + 23)):
            leader, union = browser_of("Randi Eksempel"), browser_of("Per Demo")

            def look():
                return everything_read_by(leader, *OPEN_TO_LEADER) | {
                    f"union {path}": body for path, body in everything_read_by(union, *OPEN_TO_UNION).items()
                }

            before = look()
            assert "2 of 6 meetings held" in words(before["/leader/"])
            for verb, said in (
                ("log", {"trial": "phone", "said": [{"count": 3, "text": "Eg ringde to gonger"}]}),
                ("challenge", {"said": [{"text": "Kven har nøkkelen?"}]}),
            ):
                VERBS[verb](cast, said)
                after = look()
                assert {path for path in before if before[path] != after.get(path)} == set(), verb
            cast.at_home()
            assert "Kven har nøkkelen?" in cast.facilitator.follow(r"/challenges/$")

"""A walk through every page that Sirkel has, each with something on it: used by tests that look at all of them.

``tour(site)`` yields a ``Visit`` after the other. It moves meetings on between them, so look before you go on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse

from sirkel.circles.domain import (
    agreeing,
    answering,
    door,
    grouping,
    line_asking,
    private_log,
    releasing,
    sharing,
    trials,
)
from sirkel.circles.domain.joining import join_address, room_address
from sirkel.circles.domain.phases import move_to_phase
from sirkel.circles.domain.private_log import About
from sirkel.circles.enums import (
    Audience,
    CircleState,
    HandoverState,
    MeetingState,
    MemberRole,
    TrialState,
)
from sirkel.circles.models import (
    AccessPicture,
    Circle,
    FollowUp,
    Meeting,
    Membership,
    Note,
    Reminder,
    ShareItem,
    Trial,
    VoicePicture,
)
from sirkel.circles.queries.links import answer_path, leave_path
from sirkel.circles.queries.open_links import inbox_address, log_address, poster_address
from sirkel.circles.rules.recognition import QUESTIONS
from sirkel.config.demo.seed import DEMO_RECEIPT, demo_links, seed_demo
from sirkel.kernel import clock
from sirkel.network.models import ExperienceCard
from sirkel.people.domain.mail_settings import switch
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import Identity, Person
from sirkel.people.queries.mail import mail_off_address
from sirkel.people.queries.roles import has_role
from sirkel.people.queries.seats import waiting_numbers
from sirkel.policy.models import Recommendation
from tests.factories.access import say
from tests.factories.anchoring import make_representative
from tests.factories.closing import finish_closing, look_back, make_anchor
from tests.factories.factors import add_app, first_step
from tests.factories.handovers import leave, make_leader, make_line
from tests.factories.meetings import (
    Live,
    make_circle,
    make_facilitator,
    make_meeting,
    make_workplace,
    sign_in,
)
from tests.factories.trials import log, make_trial, react
from tests.factories.voices import speak, switch_on

# What a tour needs to look at everything once; the whole demo takes longer to fill in.
TOLD = ("dk1-first", "no1-evening", "se1-new")
STEPS = (
    "check-in",
    "look-back",
    "share",
    "write",
    "group",
    "choose",
    "deepen",
    "decide-trial",
    "carry-out",
    "check-out",
)
NOTES = (
    "Alle vaktskifter samtidig kl. 15.30, og ingen har tid til å bare sitte ned ved bordet",
    "Illalla kaikki soittokellot soivat yhtä aikaa",
    "Vi säger inte till när vi tycker olika",
    "Arbeidstidsbestemmelsesforhandlingene, TV-en og <b>telefonen</b> 🙂",
)


@dataclass(frozen=True)
class Visit:
    """One page to look at.

    ``post`` is a form to send to ``path`` from a page at the same address; ``status`` is what the server
    answers then.
    """

    name: str
    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    status: int = 200
    post: dict[str, str] = field(default_factory=dict)


def cookies_of(client: Client) -> dict[str, str]:
    """Return what a test client's browser would send along, but what was to be said once: each page is opened alone."""
    return {name: one.value for name, one in client.cookies.items() if one.value and name != "messages"}


def signed_in(person: Person) -> dict[str, str]:
    """Return the cookies of somebody who is signed in."""
    client = Client()
    sign_in(client, person)
    return cookies_of(client)


def tour(site: str) -> Iterator[Visit]:
    """Yield every page; the database is empty before, and ``settings.DEMO`` is on."""
    from tests.e2e.tour_administration import administration
    from tests.e2e.tour_forming import forming

    seed_demo(at=clock.now(), stories=TOLD)
    yield from open_pages()
    yield from sign_in_pages(site)
    yield from network_and_policy()
    yield from administration(Visit, signed_in)
    yield from circle_pages()
    yield from around_circles()
    yield from forming()
    yield from leaving()
    yield from voice_balance()
    yield from equality_of_access()
    yield from between_meetings()
    yield from circle_s_end()
    yield from wizard()
    yield from meeting_from_the_lobby_to_the_recap()


def open_pages() -> Iterator[Visit]:
    """Yield what anybody may open, and what one sees where nothing is."""
    yield Visit("start", "/")
    yield Visit("code", "/b")
    yield Visit("code-slash", "/b/")
    yield Visit("code-wrong", "/b", post={"code": "0000"}, status=404)
    yield Visit("back", "/b/back")
    yield Visit("not-found", "/nothing/here/", status=404)
    yield Visit("join-not-found", "/b/nothing-of-the-kind", status=404)
    yield Visit("set-up-over", "/set-up/", status=404)
    yield Visit("privacy", "/privacy/")
    at = clock.now()
    leaders = Person.objects.filter(roles__role=Role.LEADER).distinct()
    answers = signed_in(next(one for one in leaders if has_role(one, Role.LEADER, at=at)))
    for name in ("record", "annex"):
        yield Visit(f"privacy-{name}", f"/privacy/{name}/", answers)
    for name in ("data", "data/readers"):
        yield Visit(f"me-{name}".replace("/", "-"), f"/me/{name}/", answers)


def sign_in_pages(site: str) -> Iterator[Visit]:
    """Yield signing in and out, and what the demo adds."""
    yield Visit("sign-in", "/accounts/login/")
    links = dict(demo_links(site=site))
    yield Visit("demo-sign-in", links["facilitator"].removeprefix(site))
    person = Person.objects.filter(roles__role=Role.FACILITATOR).first()
    client = Client()
    asked = client.post("/accounts/login/", {"email": person.email})
    assert asked.status_code == 302
    yield Visit("sign-in-code", asked.headers["Location"], cookies_of(client))
    cookies = signed_in(person)
    for name, path in (
        ("security", ""),
        ("security-app", "app/"),
        ("security-passkey", "passkeys/add/"),
        ("security-stay", "stay/"),
        ("security-again", "again/"),
    ):
        yield Visit(name, f"/me/security/{path}", cookies)
    kept = Identity.objects.create(
        person=person, issuer="https://id.example.org", subject=b"0" * 32, linked_on=clock.now().date()
    )
    yield Visit("identity-unlink", f"/me/security/identities/{kept.id}/unlink/", cookies)
    kept.delete()
    yield Visit("keys-none", "/me/keys/", cookies)
    yield Visit("keys-wrong", "/me/keys/", cookies, post={"label": "", "days": "90"}, status=422)
    yield Visit("keys-made", "/me/keys/", cookies, post={"label": "Case system", "days": "90"})
    yield Visit("keys", "/me/keys/", cookies)
    yield Visit("security-app-wrong", "/me/security/app/", cookies, post={"code": "0"})
    yield from second_step(person)
    yield Visit("demo-mail", "/demo/mail/")
    for name in ("", "back/", "keys/"):
        yield Visit("no-service", f"/accounts/with/nothing/{name}", status=404)
    yield Visit("inactive", "/accounts/inactive/")
    yield Visit("sign-out", "/accounts/logout/", signed_in(person))


def second_step(person: Person) -> Iterator[Visit]:
    """Yield what somebody with a code app sees, and signing in with it."""
    client = Client()
    sign_in(client, person)
    add_app(client)
    sign_in(Client(), person)  # so that ending the others is offered
    cookies = cookies_of(client)
    for name, path in (
        ("security-with-app", ""),
        ("recovery-codes", "codes/"),
        ("recovery-codes-seen", "codes/"),
        ("recovery-codes-new", "codes/new/"),
        ("security-app-remove", "app/remove/"),
        ("security-again-code", "again/code/?next=/me/security/"),
    ):
        yield Visit(name, f"/me/security/{path}", cookies)
    asking = Client()
    first_step(asking, person.email)
    yield Visit("second-step", "/accounts/login/factor/", cookies_of(asking))
    client.post("/me/security/app/remove/")


def network_and_policy() -> Iterator[Visit]:
    """Yield cards, recommendations, their desk and the receipt's answers."""
    coordinator = Person.objects.filter(roles__role=Role.COORDINATOR).first()
    officer = Person.objects.filter(roles__role=Role.POLICY).first()
    cards, desk = signed_in(coordinator), signed_in(officer)
    yield Visit("cards", "/network/cards/", cards)
    for card in ExperienceCard.objects.all()[:2]:
        yield Visit(f"card-{card.id}", f"/network/cards/{card.id}/", cards)
    yield Visit("recommendations", "/recommendations/")
    recommendation = Recommendation.objects.filter(number=1).get()
    yield Visit("recommendation", "/recommendations/1/")
    yield Visit("recommendation-to-network", "/recommendations/1/", cards)
    yield Visit("desk", "/policy/", desk)
    yield Visit("editor", "/policy/1/", desk)
    for clause in recommendation.clauses.all()[:2]:
        yield Visit(f"clause-{clause.letter}", f"/policy/1/{clause.letter}/", desk)
    yield Visit("receipt", "/receipt/")
    yield Visit("receipt-answer", "/receipt/", post={"receipt": DEMO_RECEIPT})
    yield Visit("receipt-wrong", "/receipt/", post={"receipt": "?"}, status=400)


def circle_pages() -> Iterator[Visit]:
    """Yield a circle with history, its meetings and recaps, as its facilitator sees them."""
    circle = next(each for each in Circle.objects.all() if each.meetings.filter(state="held").count())
    member = circle.memberships.filter(role="facilitator").first().person
    cookies = signed_in(member)
    here = f"/circles/{circle.id}/"
    yield Visit("circles", "/circles/", cookies)
    yield Visit("circle", here, cookies)
    yield Visit("meeting-new", f"{here}meetings/new/", cookies)
    for state in ("held", "planned", "running", "draft"):
        meeting = Meeting.objects.filter(state=state, circle__memberships__person=member).first()
        if meeting is None:
            continue
        there = f"/circles/{meeting.circle_id}/meetings/{meeting.number}/"
        yield Visit(f"meeting-{state}", there, cookies)
    held = circle.meetings.filter(state="held").first()
    yield Visit("recap-demo", f"/meetings/{held.id}/recap/", cookies)
    live = make_meeting(state=MeetingState.PLANNED)
    there = f"/circles/{live.circle.id}/meetings/1/"
    cookies = signed_in(live.facilitator)
    yield Visit("meeting-change", f"{there}change/", cookies)
    yield Visit("meeting-cancel", f"{there}cancel/", cookies)
    yield Visit("meeting-change-wrong", f"{there}change/", cookies, post={"minutes": "-5"}, status=422)
    yield from messages(live, there, cookies)
    yield Visit("lead-before", f"/meetings/{live.meeting.id}/lead/", cookies)
    yield Visit("room-before", f"/room/{room_address(live.meeting)}/")
    yield Visit("join-before", f"/b/{join_address(live.meeting)}")


def around_circles() -> Iterator[Visit]:
    """Yield what a leader and a representative see of a circle, and a circle's pause and end."""
    circle = next(each for each in Circle.objects.all() if each.meetings.filter(state="held").count())
    held = {
        role: signed_in(Person.objects.get(roles__role=role, roles__workplace=circle.workplace_id))
        for role in (Role.LEADER, Role.UNION)
    }
    leader, union = held[Role.LEADER], held[Role.UNION]
    cookies = signed_in(circle.memberships.filter(role="facilitator").first().person)
    here = f"/circles/{circle.id}/"
    yield Visit("start-leader", "/", leader)
    yield Visit("circles-leader", "/circles/", leader)
    yield Visit("leader", "/leader/", leader)
    yield Visit("representative", "/representative/", union)
    yield Visit("representative-circle", f"/representative/{circle.id}/", union)
    for name in ("story", "robustness"):
        yield Visit(name, f"{here}{name}/", cookies)
        yield Visit(f"{name}-leader", f"{here}{name}/", leader)
    yield Visit("concern", f"{here}concern/", union)
    yield Visit("concern-empty", f"{here}concern/", union, post={"text": ""}, status=422)
    yield Visit("pause", f"{here}pause/", cookies)
    yield Visit("end", f"{here}end/", cookies)
    yield Visit("readiness", f"{here}readiness/", cookies)
    yield Visit("commitment-wrong", f"{here}commitment/change/", leader, post={"cover": ""}, status=422)
    yield Visit("commitment", f"{here}commitment/", union)
    yield Visit("papers-leader", f"{here}papers/", leader)
    yield Visit("papers", f"{here}papers/", cookies)
    yield Visit("commitment-paper", f"{here}papers/commitment/", leader)
    yield Visit("agreement-paper", f"{here}papers/ground-rules/", cookies)
    yield Visit("study-hours", f"{here}papers/study-hours/", cookies)
    yield Visit("commitment-change", f"{here}commitment/change/", leader)
    yield Visit("agreement", f"{here}agreement/", cookies)
    yield Visit("agreement-change", f"{here}agreement/change/", cookies)
    yield Visit("expectations", f"{here}expectations/", cookies)
    forming = Circle.objects.get(state=CircleState.FORMING, commitments__isnull=False)
    inside = signed_in(forming.memberships.filter(role="facilitator").first().person)
    signer = signed_in(Person.objects.get(roles__role=Role.LEADER, roles__workplace=forming.workplace_id))
    yield Visit("circle-forming", f"/circles/{forming.id}/", inside)
    yield Visit("leader-to-sign", "/leader/", signer)
    yield Visit("commitment-to-sign", f"/circles/{forming.id}/commitment/", signer)
    yield Visit("agreement-none", f"/circles/{forming.id}/agreement/", inside)
    yield Visit("expectations-none", f"/circles/{forming.id}/expectations/", inside)


def leaving() -> Iterator[Visit]:
    """Yield what waits for two of a circle: the questions, with findings and a mistake, and the second's page."""
    live = make_meeting(step="carry-out", people=3)
    sharing.propose(
        acting=live.facilitator,
        meeting_id=live.meeting.id,
        text="På rom 412 begynner vi kvelden ved bordet",
        lang="nb",
        audience=Audience.NETWORK,
    )
    live.go_on()
    here, cookies = f"/circles/{live.circle.id}/leaving/", signed_in(live.facilitator)
    yield Visit("leaving", here, cookies)
    item = f"{here}{ShareItem.objects.get(meeting=live.meeting).id}/"
    yield Visit("leaving-questions", item, cookies)
    yield Visit("leaving-wrong", item, cookies, post={"do": "check"}, status=400)
    second = make_facilitator(live.circle.workplace)
    Membership.objects.create(circle=live.circle, person=second, role=MemberRole.FACILITATOR)
    releasing.check(
        acting=live.facilitator,
        circle_id=live.circle.id,
        item_id=ShareItem.objects.get(meeting=live.meeting).id,
        answers=dict.fromkeys(QUESTIONS, "no"),
        has_looked=True,
        at=clock.now(),
    )
    yield Visit("leaving-first", item, cookies)
    yield Visit("leaving-second", item, signed_in(second))


def voice_balance() -> Iterator[Visit]:
    """Yield voice balance off and on, with and without a picture, and the question on the phone."""
    circle, facilitator = make_circle()
    here, cookies = f"/circles/{circle.id}/voices/", signed_in(facilitator)
    yield Visit("voices-off", here, cookies)
    yield Visit("voices-wrong", here, cookies, post={"count": "0"}, status=422)
    switch_on(circle, facilitator)
    yield Visit("voices-on", here, cookies)
    for first, notes, ideas in ((1, "", ""), (4, "even", ""), (7, "less", "even")):
        VoicePicture.objects.create(
            circle=circle, first_meeting=first, last_meeting=first + 2, notes=notes, ideas=ideas
        )
    yield Visit("voices-pictures", here, cookies)
    live, phone = speak().live, Client()
    live.seat(phone)
    yield Visit("perspective", f"/m/{live.meeting.id}/perspective/", cookies_of(phone))


def equality_of_access() -> Iterator[Visit]:
    """Yield the leader's numbers, the question on the phone, and what a representative sees before and after."""
    live, phone = make_meeting(step="check-out"), Client()
    leader, union = make_leader(live.circle), make_representative(live.circle)
    workplace = live.circle.workplace_id
    there = f"/representative/workplaces/{workplace}/"
    yield Visit("staff", f"/leader/workplaces/{workplace}/", signed_in(leader))
    yield Visit(
        "staff-wrong",
        f"/leader/workplaces/{workplace}/",
        signed_in(leader),
        post={"shift_day": ""},
        status=422,
    )
    yield Visit("access-unsaid", there, signed_in(union))
    say(live.circle, leader)
    yield Visit("staff-said", f"/leader/workplaces/{workplace}/", signed_in(leader))
    yield Visit("access-none", there, signed_in(union))
    live.seat(phone)
    yield Visit("hand-asked-access", f"/m/{live.meeting.id}/", cookies_of(phone))
    for kind, rows, least in (
        ("shift", (("day", "as_many"), ("evening night", "fewer"), ("changing", "clearly_fewer")), 30),
        ("contract", (), None),
    ):
        AccessPicture.objects.create(
            workplace=live.circle.workplace,
            kind=kind,
            period="2026-1",
            rows=[{"groups": groups.split(), "access": access} for groups, access in rows],
            least=least,
            most=least and 49,
        )
    yield Visit("access-told", there, signed_in(union))


def messages(live: Live, there: str, cookies: dict[str, str]) -> Iterator[Visit]:
    """Yield what stands around a meeting's mails: the reminder, the links in a mail, one's own choices."""
    live.meeting.starts_at += timedelta(days=3)
    live.meeting.save()
    yield Visit("reminder-none", f"{there}reminder/", cookies)
    Reminder.objects.create(
        meeting=live.meeting,
        starts_at=live.meeting.starts_at,
        due_at=live.meeting.starts_at - timedelta(days=1),
        line="Vi møtes i hagestua <3",
    )
    yield Visit("reminder", f"{there}reminder/", cookies)
    yield Visit("meeting-reminder", there, cookies)
    member = Membership.objects.create(
        circle=live.circle, person=make_facilitator(live.circle.workplace), role=MemberRole.PARTICIPANT
    )
    answer = answer_path(member.id, live.meeting.id)
    yield Visit("link-answer", answer)
    answering.answer(token=answer.split("/")[3], says="no", at=clock.now())
    yield Visit("link-answered", answer)
    yield Visit("meeting-answered", there, cookies)
    yield Visit("link-leave", leave_path(member.id))
    answering.leave(token=leave_path(member.id).split("/")[3], at=clock.now())
    yield Visit("link-left", leave_path(member.id))
    off = mail_off_address(member.person_id, MailKind.REMINDER, at=clock.now()).removeprefix(
        settings.SITE_URL
    )
    yield Visit("mail-off", off)
    switch(person_id=member.person_id, kind=MailKind.REMINDER, is_wanted=False)
    yield Visit("mail-off-done", off)
    yield Visit("link-none", "/link/leave/nothing/", status=404)
    yield Visit("messages", "/me/messages/", cookies)
    yield Visit("messages-wrong", "/me/messages/", cookies, post={"quiet_from": "x"}, status=422)
    yield Visit("messages-calendar", "/me/messages/calendar/", cookies)
    yield Visit("messages-address", "/me/messages/calendar/", cookies, post={"make": "1"})


def between_meetings() -> Iterator[Visit]:
    """Yield trials in every state, as the facilitator sees them and as paper in the ward opens them."""
    circle, facilitator = make_circle()
    cookies = signed_in(facilitator)
    here = f"/circles/{circle.id}/trials/"
    yield Visit("trial-idea-new", f"{here}idea/", cookies)
    for state in TrialState:
        trial = make_trial(circle, facilitator, state=state, touches_care=True)
        yield Visit(f"trial-{state}", f"{here}{trial.id}/", cookies)
    yield Visit(
        "trial-next", f"{here}{Trial.objects.filter(state='decided', circle=circle).get().id}/next/", cookies
    )
    trial = make_trial(circle, facilitator)
    yield Visit("trial-change", f"{here}{trial.id}/change/", cookies)
    yield Visit("trial-decide", f"{here}{trial.id}/decide/", cookies)
    for day in range(14):
        log(
            trial,
            count=(9, 8, 9, 7, 8, 9, 8, 3, 2, 3, 1, 2, 3, 2)[day],
            at=clock.now() - timedelta(days=14 - day),
        )
    log(trial, kind="hindered", text=NOTES[1], lang="fi")
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    trial.refresh_from_db()
    for text in (NOTES[0], "", NOTES[2]):
        react(trial, text=text)
    yield Visit("trial-with-chart", f"{here}{trial.id}/", cookies)
    yield Visit("trial-link-paper", f"{here}{trial.id}/link/", cookies)
    yield Visit("trial-poster", f"{here}{trial.id}/poster/", cookies)
    yield Visit("trial-link", f"/t/{log_address(trial)}/")
    yield Visit("keep", "/keep/")
    yield Visit("trial-react", f"/r/{poster_address(trial)}/")
    yield from challenges_and_lines(circle, facilitator, cookies)


def challenges_and_lines(circle: Circle, facilitator: Person, cookies: dict[str, str]) -> Iterator[Visit]:
    """Yield the box for the next meeting, and lines to the leader in every state, seen from both sides."""
    here = f"/circles/{circle.id}/"
    yield Visit("challenges-empty", f"{here}challenges/", cookies)
    leave(circle, NOTES[3])
    yield Visit("challenges", f"{here}challenges/", cookies)
    yield Visit("challenge-paper", f"{here}challenges/link/", cookies)
    yield Visit("challenge-link", f"/c/{inbox_address(circle)}/")
    yield Visit("forget", "/me/delete/", cookies)
    yield Visit("forgotten", "/me/deleted/")
    yield Visit("private-log-empty", f"/me/log/?circle={circle.id}", cookies)
    private_log.write(acting=facilitator, text=NOTES[0], at=clock.now(), about=About(circle.id, 1))
    yield Visit("private-log", "/me/log/", cookies)
    yield Visit("handovers-empty", f"{here}handovers/", cookies)
    yield Visit("handover-new", f"{here}handovers/new/", cookies)
    leader = make_leader(circle)
    seen = signed_in(leader)
    yield Visit("leader-lines-none", "/leader/handovers/", seen)
    lines = {state: make_line(circle, facilitator, state=state, leader=leader) for state in HandoverState}
    sent = lines[HandoverState.SENT]
    sent.due_on = clock.now().date() - timedelta(days=3)
    sent.save()
    named = [("rules", "Nøkkelskapet er låst etter kl. 20"), ("people", "Én på vakt mellom 17 og 18")]
    asked = make_line(circle, facilitator, named=named)
    line_asking.ask_between(
        acting=facilitator, circle_id=circle.id, handover_id=asked.id, days=7, at=clock.now()
    )
    yield Visit("handovers", f"{here}handovers/", cookies)
    yield Visit("line-asked-by-link", f"/c/{inbox_address(circle)}/")
    blocked = make_line(circle, facilitator, state=HandoverState.SENT, leader=leader, named=named)
    yield Visit("leader-line-in-the-way", f"/leader/handovers/{blocked.id}/", seen)
    yield Visit("handover-change", f"{here}handovers/{lines[HandoverState.DRAFT].id}/change/", cookies)
    yield Visit("leader-lines", "/leader/handovers/", seen)
    for state in (HandoverState.SENT, HandoverState.ANSWERED):
        yield Visit(f"leader-line-{state}", f"/leader/handovers/{lines[state].id}/", seen)


def circle_s_end() -> Iterator[Visit]:
    """Yield a circle's closing step by step, what is seen of it from around, its looks back, and an early end."""
    circle, facilitator = make_circle()
    cookies = signed_in(facilitator)
    agreeing.add_expectation(acting=facilitator, circle_id=circle.id, text=NOTES[2], lang="sv")
    trials_ = [
        make_trial(circle, facilitator, state=state) for state in (TrialState.DECIDED, TrialState.RUNNING)
    ]
    Circle.objects.filter(id=circle.id).update(state=CircleState.CLOSING)
    circle.refresh_from_db()
    here = f"/circles/{circle.id}/closing/"
    yield Visit("closing-empty", here, cookies)
    yield Visit("closing-expectations", f"{here}expectations/", cookies)
    yield Visit("closing-line-new", f"{here}lines/new/?trial={trials_[0].id}", cookies)
    yield Visit(
        "closing-line-wrong", f"{here}lines/new/", cookies, post={"kind": "keep", "text": ""}, status=422
    )
    anchor = make_anchor(circle, facilitator, trial_id=trials_[0].id, for_leader=True)
    make_anchor(circle, facilitator, kind="stop", text=NOTES[3])
    make_anchor(circle, facilitator, kind="hand_over", holder="leader", place="staff_meeting", text=NOTES[0])
    yield Visit("closing-lines", f"{here}lines/", cookies)
    yield Visit("closing-line", f"{here}lines/{anchor.id}/", cookies)
    yield Visit("closing-on", f"{here}on/", cookies)
    with clock.frozen(clock.now() - timedelta(days=8)):
        finish_closing(
            circle, facilitator, goes_on="other_form", form="Et kvarter", celebrate="Roligere kvelder"
        )
    yield Visit("closing-check", f"{here}check/", cookies)
    yield Visit("closing", here, cookies)
    yield Visit("circle-closing", f"/circles/{circle.id}/", cookies)
    move_to_phase(acting=facilitator, circle_id=circle.id, phase="followup", at=clock.now())
    backs = {one.months: one for one in FollowUp.objects.filter(circle=circle)}
    there = f"/circles/{circle.id}/follow-up/"
    yield Visit("follow-up-to-come", f"{there}6/", cookies)
    yield Visit("leader-ending", "/leader/", signed_in(make_leader(circle)))
    guard = signed_in(make_representative(circle))
    yield Visit("representative-ending", f"/representative/{circle.id}/", guard)
    for back, days in ((backs[3], -100), (backs[6], -3)):
        back.due_on = clock.now().date() + timedelta(days=days)
        back.save()
    look_back(circle, facilitator, 3, at=clock.now(), in_use="partly")
    yield Visit("follow-up", f"{there}6/", cookies)
    yield Visit("follow-up-wrong", f"{there}6/", cookies, post={"still_meets": ""}, status=422)
    yield Visit("follow-ups", there, cookies)
    yield Visit("circle-followed-up", f"/circles/{circle.id}/", cookies)
    look_back(circle, facilitator, 6, at=clock.now())
    yield Visit("follow-ups-done", there, cookies)
    early, other = make_circle()
    Circle.objects.filter(id=early.id).update(
        state=CircleState.ENDED_EARLY, halt_reason="enough", ended_at=clock.now()
    )
    yield Visit("closing-early", f"/circles/{early.id}/closing/", signed_in(other))
    yield Visit("circle-ended-early", f"/circles/{early.id}/", signed_in(other))


def wizard() -> Iterator[Visit]:
    """Yield the four pages on which a circle is planned."""
    workplace = make_workplace()
    _circle, person = make_circle(workplace=workplace)
    client = Client()
    sign_in(client, person)
    day = (clock.now() + timedelta(days=40)).date().isoformat()
    forms = (
        ("new", {"workplace": str(workplace.id), "name": "Rolig kveld", "purpose": "Ro", "theme_frame": ""}),
        ("new-people", {"language": "nb", "others": ["fi"], "second": ""}),
        (
            "new-series",
            {
                "day": day,
                "clock": "14:00",
                "weeks": "3",
                "count": "3",
                "minutes": "90",
                "place": "Møterom 2",
                "link": "",
            },
        ),
        ("new-check", None),
    )
    for name, fields in forms:
        path = reverse(f"circles:{name}")
        yield Visit(name, path, cookies_of(client))
        if fields:
            answer = client.post(path, {**fields, "do": "on"})
            assert answer.status_code == 302, answer.content.decode()


def plan() -> trials.TrialPlan:
    """Return a trial as a circle would decide it."""
    return trials.TrialPlan(
        what="Én sitter ved bordet den første timen",
        who="Kveldsvakt B",
        when="Hver kveld i to uker",
        ends_on=clock.now().date() + timedelta(days=14),
        prediction="Vi må gå imellom færre enn fem ganger",
        look_at="Antall ganger",
        stop_rule="Noen får ikke kveldsmat før kl. 19",
        lang="nb",
    )


def meeting_from_the_lobby_to_the_recap() -> Iterator[Visit]:
    """Yield the three surfaces at every step of a meeting that has one before it."""
    before = make_meeting(step="decide-trial", people=3)
    trials.decide_trial(acting=before.facilitator, meeting_id=before.meeting.id, plan=plan(), at=clock.now())
    before.close()
    live = make_meeting(circle=before.circle, facilitator=before.facilitator, people=3)
    phone, shared = Client(), Client()
    live.seat(phone)
    live.seat(shared, is_shared=True)
    hand, lead = cookies_of(phone), signed_in(live.facilitator)
    yield from around_the_meeting(live, hand, cookies_of(shared), lead)
    for key in STEPS:
        live.go_to(key)
        yield from surfaces(live, key, hand, lead)
        yield from within_step(live, key, hand, lead)
    yield Visit("lead-close", f"/meetings/{live.meeting.id}/lead/close/", lead)
    live.close()
    yield from surfaces(live, "over", hand, lead)
    yield Visit("recap-hand", f"/meetings/{live.meeting.id}/recap/", hand)
    yield Visit("recap", f"/meetings/{live.meeting.id}/recap/", lead)
    yield Visit("join-over", f"/b/{join_address(live.meeting)}")


def surfaces(live: Live, name: str, hand: dict[str, str], lead: dict[str, str]) -> Iterator[Visit]:
    """Yield phone, room and facilitator as they are now."""
    yield Visit(f"hand-{name}", f"/m/{live.meeting.id}/", hand)
    yield Visit(f"room-{name}", f"/room/{room_address(live.meeting)}/")
    yield Visit(f"lead-{name}", f"/meetings/{live.meeting.id}/lead/", lead)


def a_place_is_kept(live: Live) -> Iterator[Visit]:
    """Yield a shared phone on which two people have kept their places, and a third has it now."""
    phone = Client()
    live.seat(phone, is_shared=True)
    here = f"/m/{live.meeting.id}/"
    for pin in ("7205", "9164"):
        phone.post(f"{here}next-person/", {"pin": pin})
    yield Visit("cover-places", f"{here}cover/", cookies_of(phone))
    yield Visit("place-new", here, cookies_of(phone))
    phone.post(f"{here}place/", {"place": "1", "pin": "9164"})
    yield Visit("place-back", here, cookies_of(phone))


def at_the_closed_door(live: Live, lead: dict[str, str]) -> Iterator[Visit]:
    """Yield what phones, wall and facilitator show while two wait, and what a phone reads that is not let in."""
    minded = {"acting": live.facilitator, "meeting_id": live.meeting.id}
    door.close_door(**minded, at=clock.now())
    live.meeting.refresh_from_db()
    address, here = f"/b/{join_address(live.meeting)}", f"/m/{live.meeting.id}/waiting/"
    yield Visit("join-closed", address)
    phones = (Client(), Client())
    for phone in phones:
        phone.post(address)
    yield Visit("waiting", here, cookies_of(phones[0]))
    yield Visit("join-waits", address, cookies_of(phones[0]))
    yield Visit("room-door-closed", f"/room/{room_address(live.meeting)}/")
    yield Visit("lead-door-closed", f"/meetings/{live.meeting.id}/lead/", lead)
    for number in waiting_numbers(room=live.meeting.id):
        door.turn_away(**minded, number=number)
    yield Visit("not-let-in", here, cookies_of(phones[0]))
    door.open_door(**minded, at=clock.now())
    live.meeting.refresh_from_db()


def around_the_meeting(
    live: Live, hand: dict[str, str], shared: dict[str, str], lead: dict[str, str]
) -> Iterator[Visit]:
    """Yield what stands around a meeting that is open."""
    here = f"/meetings/{live.meeting.id}/"
    yield Visit("join", f"/b/{join_address(live.meeting)}")
    yield Visit("no-seat", f"/m/{live.meeting.id}/", status=403)
    yield Visit("cover", f"/m/{live.meeting.id}/cover/", shared)
    yield from a_place_is_kept(live)
    yield from at_the_closed_door(live, lead)
    yield from surfaces(live, "lobby", hand, lead)
    yield Visit("lead-sheet", f"{here}run-sheet/", lead)
    yield Visit("lead-sheet-new", f"{here}run-sheet/new/", lead)
    yield Visit("lead-sheet-words", f"{here}run-sheet/{live.step('write').id}/", lead)
    yield Visit("join-card", f"{here}join-card/", lead)
    yield Visit("paper-cards", f"{here}paper-cards/", lead)


def within_step(live: Live, key: str, hand: dict[str, str], lead: dict[str, str]) -> Iterator[Visit]:
    """Do what a circle does in a step, and yield what is to be seen then."""
    here = f"/meetings/{live.meeting.id}/lead/"
    if key == "look-back":
        trial = live.circle.trials.get()
        yield Visit("lead-look-back-form", f"{here}trials/{trial.id}/look-back/", lead)
    elif key == "write":
        live.devices.insert(0, hand["device"])
        live.write(*NOTES)
        live.pause()
        yield from surfaces(live, "write-paused", hand, lead)
        live.reveal()
        yield from surfaces(live, "write-shown", hand, lead)
    elif key == "group":
        first, second = Note.objects.filter(round__step__meeting=live.meeting)[:2]
        theme = grouping.put_together(
            acting=live.facilitator, meeting_id=live.meeting.id, note_id=first.id, with_note=second.id
        )
        grouping.name_theme(
            acting=live.facilitator,
            meeting_id=live.meeting.id,
            theme_id=theme.id,
            title="Kveldens første time",
            lang="nb",
        )
        yield from surfaces(live, "grouped", hand, lead)
    elif key == "decide-trial":
        yield Visit("lead-trial-new", f"{here}trials/new/", lead)
        trial = trials.decide_trial(
            acting=live.facilitator, meeting_id=live.meeting.id, plan=plan(), at=clock.now()
        )
        yield from surfaces(live, "decided", hand, lead)
        yield Visit("lead-trial", f"{here}trials/{trial.id}/", lead)
    elif key == "carry-out":
        yield Visit("lead-share", f"{here}share/", lead)
        sharing.propose(
            acting=live.facilitator,
            meeting_id=live.meeting.id,
            text="Dette kan alle få vite",
            lang="nb",
            audience=Audience.NETWORK,
        )
        assert ShareItem.objects.filter(text="Dette kan alle få vite").exists()
        yield from surfaces(live, "proposed", hand, lead)

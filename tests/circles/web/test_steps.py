"""Every kind of step on a phone: what it lets people do, what it refuses, and what it shows to whom."""

import re

import pytest
from django.test import Client

from sirkel.circles.domain import cards, grouping, sharing, trials
from sirkel.circles.enums import Audience, ShareState
from sirkel.circles.models import Ballot, InboxNote, Note, PulseAnswer, ShareItem
from sirkel.circles.queries.rounds import options_of
from sirkel.circles.rules import methods
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from tests.circles.web.hands import Phone
from tests.factories.meetings import Live, make_meeting

pytestmark = pytest.mark.django_db

STEPS = [
    "",
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
]


def grown(step: str, notes: tuple[str, ...] = ("Én", "To", "Tre")) -> Live:
    """Return a meeting at a step after writing, with what was written shown."""
    live = make_meeting(step="write", people=3)
    live.write(*notes).reveal()
    return live.go_to(step)


def plan(live: Live) -> trials.TrialPlan:
    return trials.TrialPlan(
        what="Én sitter ved bordet",
        who="Kveldsvakta",
        when="To uker",
        ends_on=clock.now().date(),
        prediction="Færre reiser seg",
        look_at="Hvor mange",
        stop_rule="Uro",
        lang="nb",
    )


class TestEveryStep:
    @pytest.mark.parametrize("step", STEPS)
    def test_a_page_asks_one_question_and_costs_few_queries(self, step, django_assert_max_num_queries):
        live = make_meeting(step="write", people=3) if STEPS.index(step) > STEPS.index("write") else None
        live = (
            live.write("Én", "To", "Tre").reveal().go_to(step) if live else make_meeting(step=step, people=3)
        )
        phone = Phone(live)
        phone.page()
        with django_assert_max_num_queries(13):  # one of them asks whether the meeting has a second sitting
            page = phone.page()
        assert page.count("<h1") == 1
        assert page.count('role="status"') <= 2
        assert f'data-kind="{live.round.step.kind if live.round else "lobby"}"' in page
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids))

    @pytest.mark.parametrize("step", STEPS)
    def test_the_personal_part_can_be_fetched_alone(self, step):
        live = make_meeting(step=step)
        phone = Phone(live)
        part = phone.client.get(f"{phone.home}mine/")
        assert part.status_code == 200
        assert part.content.decode().lstrip().startswith('<note-outbox class="mine-part" id="mine"')
        assert Client().get(f"{phone.home}mine/").status_code == 403

    @pytest.mark.parametrize("step", STEPS)
    def test_every_step_says_who_sees_what(self, step):
        assert (
            'class="sees"'
            in Phone(grown(step) if step in {"group", "choose"} else make_meeting(step=step)).page()
            or step == "carry-out"
        )

    def test_the_prompt_follows_the_reader(self):
        phone = Phone(make_meeting(step="write"))
        assert "Mikä tekee tästä vaikeaa" in phone.page("fi")
        assert "Hva gjør dette vanskelig" in phone.page("nb")


class TestTalking:
    def test_the_one_whose_turn_it_is_is_done_or_passes_and_a_double_tap_skips_nobody(self):
        live = make_meeting()
        phones = [Phone(live) for _phone in range(3)]
        live.go_to("check-in")
        for turn in range(3):
            speaking = live.round.turn_order[turn]
            one = next(phone for phone in phones if str(phone.taken.seat.id) == speaking)
            others = [phone for phone in phones if phone is not one]
            assert "It is your turn" in one.page()
            assert all("It is your turn" not in other.page() for other in others)
            assert others[0].post("turn/", {"turn": str(turn)}).json()["code"] == "talk.not_yours"
            assert one.post("turn/", {"turn": str(turn), "pass": "1"}).status_code == 200
            assert one.post("turn/", {"turn": str(turn)}).status_code == 409
        assert live.round.turn_at == 3
        assert "The word has been round" in phones[0].page()

    def test_the_plain_form_passes_the_word_too(self):
        live = make_meeting()
        phone = Phone(live)
        live.go_to("check-in")
        assert phone.post("turn/", {"turn": "0"}, json=False).status_code == 303
        assert live.round.turn_at == 1

    @pytest.mark.parametrize("turn", ["", "x", "-1", "99999999999", "١"])
    def test_a_turn_that_is_no_number_is_refused(self, turn):
        live = make_meeting()
        phone = Phone(live)
        live.go_to("check-in")
        assert phone.post("turn/", {"turn": turn}).json()["code"] == "form.invalid"

    def test_somebody_may_write_instead_and_the_circle_reads_it(self):
        live = make_meeting(step="share")
        assert Phone(live).note("Heller skriftlig").status_code == 200
        assert "Heller skriftlig" in Phone(live).page().partition('id="notes"')[2]


class TestGrouping:
    @pytest.mark.threat(row="T17")
    def test_a_note_that_stands_wrong_is_marked_and_nobody_sees_by_whom(self):
        live = grown("group")
        first, second, _third = Note.objects.filter(round__step__meeting=live.meeting)
        grouping.put_together(
            acting=live.facilitator, meeting_id=live.meeting.id, note_id=first.id, with_note=second.id
        )
        phone = Phone(live)
        assert f"/notes/{first.id}/flag/" in phone.page()
        assert phone.post(f"/notes/{first.id}/flag/").status_code == 200
        assert phone.post(f"/notes/{new_id()}/flag/").status_code == 404
        assert "not the same?" in Phone(live).page()
        assert Note.objects.get(is_flagged=True).id == first.id


class TestChoosing:
    def test_three_dots_change_until_the_result_is_shown(self):
        live = grown("choose")
        one, two, _three = (str(option) for option, _text, _lang in options_of(live.round.step))
        phone, other = Phone(live), Phone(live)
        assert "You have 3 dots left." in phone.page()
        assert phone.post("picks/", {f"dots-{one}": "2", f"dots-{two}": "1"}).json()["picks"] == {
            one: 2,
            two: 1,
        }
        assert "You have placed all your dots." in phone.page()
        assert "You have 3 dots left." in other.page()
        assert "2 dots" not in other.page().partition('id="picks"')[0]
        assert phone.post("picks/", {f"dots-{one}": "0", f"dots-{two}": "3"}).json()["picks"] == {two: 3}
        assert Ballot.objects.count() == 1
        live.reveal()
        page = other.page()
        assert "3 dots" in page
        assert 'id="picks"' not in page
        assert phone.post("picks/", {f"dots-{one}": "1"}).status_code == 410

    def test_the_buttons_work_without_script(self):
        live = grown("choose")
        one, two, _three = (str(option) for option, _text, _lang in options_of(live.round.step))
        phone = Phone(live)
        given = {f"dots-{one}": "0", f"dots-{two}": "0"}
        assert phone.post("picks/", {**given, "plus": one}, json=False).status_code == 303
        assert "You have 2 dots left." in phone.page()
        phone.post("picks/", {**given, f"dots-{one}": "1", "minus": one}, json=False)
        assert "You have 3 dots left." in phone.page()
        too_many = phone.post("picks/", {f"dots-{one}": "3", f"dots-{two}": "0", "plus": two}, json=False)
        assert too_many.status_code == 400
        assert "You have 3 dots" in too_many.content.decode()

    @pytest.mark.parametrize(
        "picks",
        [{"dots-{}": "4"}, {"dots-{}": "-1"}, {"dots-{}": "x"}, {"dots-nonsense": "1"}, {"plus": "nonsense"}],
    )
    def test_what_cannot_be_chosen_is_refused(self, picks):
        live = grown("choose")
        one = str(options_of(live.round.step)[0][0])
        phone = Phone(live)
        assert (
            phone.post("picks/", {name.format(one): value for name, value in picks.items()}).status_code
            == 400
        )
        assert phone.post("picks/", {f"dots-{new_id()}": "1"}).json()["code"] == "choose.options"
        assert not Ballot.objects.exists()
        assert phone.post("picks/", {f"dots-{one}": "3"}).status_code == 200

    def test_a_stance_is_one_of_three_and_can_change(self):
        live = grown("group")
        step = live.step("choose")
        step.settings = {**step.settings, "method": "stance"}
        step.save()
        live.go_on()
        one = str(options_of(live.round.step)[0][0])
        phone = Phone(live)
        assert "I can live with it" in phone.page()
        for stance in ("cannot", "needs_change"):
            assert phone.post("picks/", {f"stance-{one}": stance}).status_code == 200
        assert phone.post("picks/", {f"stance-{one}": "loves"}).status_code == 400
        assert re.search(rf'id="s2-{one}"[^>]*checked', phone.page())

    def test_who_changed_phones_looks_on_and_does_not_choose_twice(self):
        live = grown("choose")
        one = str(options_of(live.round.step)[0][0])
        phone = Phone(live)
        phone.post("picks/", {f"dots-{one}": "3"})
        words = " ".join(methods.words_in(phone.taken.word_ids, "sv"))
        second = Client()
        second.post("/b/back", {"code": live.meeting.join_code, "words": words})
        assert "you look on" in second.get(phone.home, headers={"accept-language": "en"}).content.decode()
        refused = second.post(
            f"{phone.at()}picks/", {f"dots-{one}": "3"}, headers={"accept": "application/json"}
        )
        assert refused.json()["code"] == "seats.looks_on"
        assert Ballot.objects.count() == 1


class TestLookingBackDeepeningDeciding:
    def test_earlier_trials_are_read_and_written_about(self):
        before = make_meeting(step="decide-trial")
        trials.decide_trial(
            acting=before.facilitator, meeting_id=before.meeting.id, plan=plan(before), at=clock.now()
        )
        before.close()
        live = make_meeting(step="look-back", circle=before.circle, facilitator=before.facilitator)
        phone = Phone(live)
        assert "Én sitter ved bordet" in phone.page()
        assert phone.note("Vi fikk det til").status_code == 200
        assert "Vi fikk det til" in Phone(live).page()

    def test_the_card_on_the_table_and_a_parked_solution(self):
        live = make_meeting(step="deepen")
        card = methods.question_cards("deepen")[0]
        cards.lay_card(
            acting=live.facilitator, meeting_id=live.meeting.id, round_id=live.round.id, card_id=card.id
        )
        phone = Phone(live)
        assert card.text["fi"] in phone.page("fi")
        assert phone.note("Kjøp flere stoler", is_parked="1").status_code == 200
        assert InboxNote.objects.get().is_parked
        assert "Kjøp flere stoler" in Phone(live).page().partition("Parked for later")[2]

    def test_what_is_decided_is_read_live(self):
        live = make_meeting(step="decide-trial")
        phone = Phone(live)
        assert "Én sitter ved bordet" not in phone.page()
        trials.decide_trial(
            acting=live.facilitator, meeting_id=live.meeting.id, plan=plan(live), at=clock.now()
        )
        assert "Én sitter ved bordet" in phone.client.get(f"{phone.home}state/").content.decode()


class TestCarryingOut:
    @pytest.fixture
    def live(self):
        live = make_meeting(step="carry-out")
        for text in ("Det første", "Det andre"):
            sharing.propose(
                acting=live.facilitator,
                meeting_id=live.meeting.id,
                text=text,
                lang="nb",
                audience=Audience.ORGANISATION,
            )
        return live

    def test_one_tap_keeps_something_in_the_room_and_its_owner_alone_can_let_go(self, live):
        first = ShareItem.objects.get(text="Det første")
        phone, other = Phone(live), Phone(live)
        assert phone.post("objections/", {"keep": str(first.id)}).json()["items"] == [str(first.id)]
        assert "I let it go after all" in phone.page()
        assert "Stays in the room" in other.page()
        assert "I let it go after all" not in other.page()
        other.post("objections/", {"release": str(first.id)})
        first.refresh_from_db()
        assert first.state == ShareState.OBJECTED
        released = phone.post("objections/", {"item": str(first.id), "release": str(first.id)}, json=False)
        assert released.status_code == 303
        first.refresh_from_db()
        assert first.state == ShareState.PROPOSED

    def test_what_nobody_keeps_back_is_approved_when_the_step_ends(self, live):
        first = ShareItem.objects.get(text="Det første")
        phone = Phone(live)
        phone.post("objections/", {"keep": str(first.id)})
        assert phone.post("objections/", {"keep": "nonsense"}).status_code == 400
        live.go_on()
        states = dict(ShareItem.objects.values_list("text", "state"))
        assert states == {"Det første": ShareState.OBJECTED, "Det andre": ShareState.APPROVED}


class TestCheckOut:
    def test_two_taps_and_a_line_can_be_left_out_changed_and_read_by_their_owner_alone(self):
        live = make_meeting(step="check-out")
        phone = Phone(live)
        assert phone.post("pulse/", {}).status_code == 200
        assert (
            phone.post("pulse/", {"felt_heard": "3", "was_useful": "2", "word": "Godt snakka"}).status_code
            == 200
        )
        answer = PulseAnswer.objects.get()
        assert (answer.felt_heard, answer.was_useful, answer.word) == (3, 2, "Godt snakka")
        assert "Godt snakka" in phone.page()
        assert "Godt snakka" not in Phone(live).page()

    @pytest.mark.parametrize(
        "broken", [{"felt_heard": "4"}, {"felt_heard": "ja"}, {"word": "a" * 201}, {"word": "01010750160"}]
    )
    def test_what_is_no_answer_is_refused_and_what_was_typed_stays(self, broken):
        live = make_meeting(step="check-out")
        phone = Phone(live)
        assert phone.post("pulse/", broken).status_code == 400
        page = phone.post("pulse/", broken, json=False).content.decode()
        assert broken.get("word", "") in page
        assert not PulseAnswer.objects.exists()
        assert phone.post("pulse/", {"felt_heard": "1"}, json=False).status_code == 303

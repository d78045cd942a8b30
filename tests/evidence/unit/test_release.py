"""Releases: decided once, of closed waves, remembered, and in the order circle, then leader."""

import dataclasses
import json
from datetime import date, timedelta

import pytest

from sirkel.evidence.disclosure import (
    Ledger,
    LoosenedError,
    Reader,
    ReleaseError,
    Scale,
    Sight,
    Thing,
    Thresholds,
    may_see,
)
from tests.evidence.unit.test_protect import request, spread, ward

DAY = date(2026, 5, 4)


def data(sizes=(12, 9, 20), wave="1"):
    units = {"": {"parent": None}, **{f"w{n}": {"parent": ""} for n in range(len(sizes))}}
    people = [person for n, size in enumerate(sizes) for person in ward(f"w{n}", spread(size, n))]
    for n, person in enumerate(people if wave == "2" else ()):
        person["waves"]["2"] = spread(len(people), 5)[n]
    return request(units, people, [{"unit": unit, "role": None, "wave": wave} for unit in units])


def released(ledger=None, given=None, **more):
    days = {"on": DAY, "circle_from": DAY + timedelta(days=2), "leader_from": DAY + timedelta(days=4)}
    said = {"scale": "core", "closed": {"1": DAY, "2": DAY}, **days, **more}
    return (ledger or Ledger()).release(given or data(), **said)


def statuses(release):
    return {cell["unit"]: cell["status"] for cell in release.cells}


class TestDeciding:
    def test_a_closed_wave_becomes_a_numbered_release_that_says_what_it_was_decided_from(self):
        (release,) = released().releases
        assert (release.number, release.previous, release.limits["answered"]) == (1, "", 7)
        assert set(statuses(release).values()) == {"released"}
        assert len({release.dataset, release.sha256}) == 2
        other = data()
        other["people"][0]["waves"]["1"] = 4.9
        assert released(given=other).releases[0].dataset != release.dataset

    @pytest.mark.parametrize(
        ("said", "line"),
        [
            ({"closed": {}}, "still open"),
            ({"closed": {"1": DAY + timedelta(days=1)}}, "still open"),
            ({"circle_from": DAY - timedelta(days=1)}, "before it is decided"),
            ({"leader_from": DAY + timedelta(days=1)}, "before the circle"),
        ],
    )
    def test_an_open_wave_or_days_out_of_order_are_refused(self, said, line):
        with pytest.raises(ReleaseError, match=line):
            released(**said)

    def test_the_leader_may_see_it_on_the_circles_day(self):
        assert released(leader_from=DAY + timedelta(days=2)).releases

    @pytest.mark.threat(row="T10")
    def test_nothing_of_a_release_can_be_set(self):
        (release,) = released().releases
        with pytest.raises(dataclasses.FrozenInstanceError):
            release.number = 2


class TestLimits:
    def test_an_owner_tightens(self):
        (release,) = released(limits={"answered": 10}).releases
        assert statuses(release)["w1"] == "primary"

    @pytest.mark.requirement("PD-11")
    @pytest.mark.threat(row="T10")
    def test_and_goes_down_to_the_floor_and_no_further(self):
        low = data((12, 6, 20))
        low["people"] += ward("w1", [None, None, None], start=90)
        assert statuses(released(given=low).releases[0])["w1"] == "primary"
        assert statuses(released(given=low, limits={"answered": 5}).releases[0])["w1"] == "released"
        for wanted in ({"answered": 4}, {"members": 7}, {"changed": 3}, {"single_item": 14}, {"off": 1}):
            with pytest.raises(LoosenedError):
                released(given=low, limits=wanted)

    @pytest.mark.parametrize("kind", ["sensitive", "rates_leader"])
    def test_what_is_sensitive_or_about_a_leader_has_its_floor_where_it_starts(self, kind):
        given = data((25, 24, 30))
        given["scale"][kind] = True
        assert released(given=given).releases
        with pytest.raises(LoosenedError):
            released(given=given, limits={"answered": 9 if kind == "rates_leader" else 19})

    def test_what_was_tightened_stays_so(self):
        ledger = released(limits={"answered": 12})
        later = released(ledger, data(wave="2"))
        assert later.releases[1].limits["answered"] == 12
        with pytest.raises(ReleaseError, match="earlier release"):
            released(ledger, data(wave="2"), limits={"answered": 8})


class TestLedger:
    def test_what_was_released_stays_as_it_was_and_hides_what_would_reveal_with_it(self):
        small = data((12, 9, 3))
        first = dict(small, cells=[{"unit": "", "role": None, "wave": "1"}])
        ledger = released(released(given=first), small)
        assert ledger.releases[0].cells[0] == ledger.releases[1].cells[0]
        assert sorted(statuses(ledger.releases[1]).values()) == [
            "complementary",
            "primary",
            "released",
            "released",
        ]

    def test_another_scale_has_its_own_cells(self):
        ledger = released()
        assert ledger.released_before("other") == []
        assert len(ledger.released_before("core")) == 4

    def test_after_somebody_withdrew_nothing_shows_what_she_had_answered(self):
        whole = data((12, 12, 20))
        ledger = released(given=dict(whole, cells=whole["cells"][:1]))
        gone = dict(whole, people=[p for p in whole["people"] if p["id"] != "w0-employee-3"])
        after = released(ledger, gone).releases[1]
        assert after.cells[0] == ledger.releases[0].cells[0]  # not computed anew
        assert set(statuses(after).values()) == {"released", "complementary"}
        assert [cell["status"] for cell in after.cells[1:]] == ["complementary"] * 3
        undisturbed = released(ledger, whole).releases[1]
        assert set(statuses(undisturbed).values()) == {"released"}

    def test_even_when_somebody_else_came_with_the_same_answer(self):
        whole = data((12, 12, 20))
        ledger = released(given=dict(whole, cells=whole["cells"][:1]))
        other = json.loads(json.dumps(whole))
        other["people"][3]["id"] = "somebody-else"
        assert [cell["status"] for cell in released(ledger, other).releases[1].cells[1:]] == [
            "complementary"
        ] * 3

    def test_a_withdrawn_person_is_a_leaver_for_the_next_wave(self):
        people = data((14,))["people"]
        for person in people:
            person["waves"]["2"] = person["waves"]["1"]
        both = dict(data((14,)), people=people)
        ledger = released(given=dict(both, cells=[{"unit": "w0", "role": None, "wave": "1"}]))
        second = [{"unit": "w0", "role": None, "wave": "2"}]
        assert statuses(released(ledger, dict(both, cells=second)).releases[1]) == {"w0": "released"}
        withdrawn = [{**people[3], "waves": {"1": None}, "counted": ["1"]}]
        gone = dict(both, people=[*people[:3], *people[4:], *withdrawn], cells=second)
        assert statuses(released(ledger, gone).releases[1]) == {"w0": "complementary"}
        gone["people"] = gone["people"][:-1]  # nothing at all is left of her
        assert statuses(released(ledger, gone).releases[1]) == {"w0": "complementary"}

    def test_it_can_be_kept_as_text_and_a_changed_one_is_noticed(self):
        ledger = released(released(), data(wave="2"))
        assert Ledger.from_json(ledger.to_json()) == ledger
        for place, line in ((0, "Release 1 was changed"), (1, "Release 2 was changed")):
            kept = json.loads(ledger.to_json())
            kept["releases"][place]["cells"][1]["mean"] = 4.9
            with pytest.raises(ReleaseError, match=line):
                Ledger.from_json(json.dumps(kept))
        kept = json.loads(ledger.to_json())
        del kept["releases"][0]
        with pytest.raises(ReleaseError, match="does not follow"):
            Ledger.from_json(json.dumps(kept))
        for text in ("", "{}", '{"form": "x", "releases": []}', "[]"):
            with pytest.raises(ReleaseError):
                Ledger.from_json(text)

    def test_what_leaves_the_room_says_nothing_of_who_stood_behind_a_number(self):
        (release,) = released().releases
        text = json.dumps(release.public())
        assert release.behind
        assert "behind" not in text
        assert "members" not in {key for cell in release.public()["cells"] for key in cell}
        assert not any(sign["members"] in text for sign in release.behind)
        assert not any(person["id"] in text for person in data()["people"])


class TestWhoSeesIt:
    def test_first_the_circle_then_the_leader_and_of_a_hidden_cell_nobody(self):
        (release,) = released(given=data((12, 9, 3))).releases
        limits = Thresholds.for_scale(Scale(1, 5, 3))

        def sees(reader, unit, days):
            cell = {"unit": unit, "role": None, "wave": "1"}
            facts = release.facts(cell, on=DAY + timedelta(days=days), is_own=True)
            return may_see(reader, Thing.MEAN, facts, limits) == Sight.WHOLE

        shown = next(unit for unit, status in statuses(release).items() if status == "released")
        assert [sees(Reader.COLLEAGUE, shown, days) for days in (1, 2, 4)] == [False, True, True]
        assert [sees(Reader.LEADER, shown, days) for days in (1, 2, 3, 4)] == [False, False, False, True]
        assert not any(sees(reader, "w2", 9) for reader in Reader)
        assert not any(sees(reader, "nowhere", 9) for reader in Reader)

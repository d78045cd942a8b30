"""The demo's stories are told to their end on whichever weekday and hour the demo is filled in."""

from datetime import UTC, datetime, timedelta

import pytest

from sirkel.config.bots.cast import Cast
from sirkel.config.bots.stories import beats_of, load
from sirkel.config.demo.seed import STORIES
from sirkel.config.demo.seed import load as data

MONDAY = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("name", STORIES)
def test_nothing_of_a_story_is_left_out_on_any_weekday(name):
    story = load(name)
    acts = sum(len(each) for each in story["days"].values())
    for day in range(7):
        today = MONDAY + timedelta(days=day)
        told = list(beats_of(Cast(site="", wire=(), story=story, today=today)))
        assert len(told) == acts, today
        assert all(beat.at <= today for beat in told)


@pytest.mark.parametrize("name", STORIES)
def test_whoever_acts_as_leader_leads_on_that_day(name):
    story = load(name)
    place = next(each for each in data("places.yaml")["places"] if each["id"] == story["place"])
    leads = {each["name"]: (each.get("from", -400), each.get("until", 0)) for each in place["people"]}
    for day in range(7):
        today = MONDAY + timedelta(days=day)
        for beat in beats_of(Cast(site="", wire=(), story=story, today=today)):
            verb = beat.act.__name__
            who = beat.told.get("who", "leader" if verb in {"promise", "sign", "answer", "seen"} else "")
            if who in {"leader", "new_leader"}:
                since, until = leads[story["cast"][who]]
                ago = (beat.at - today) / timedelta(days=1)
                assert since < ago < until, (verb, beat.at)

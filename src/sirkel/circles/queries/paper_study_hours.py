"""The study hours of a circle on paper, for a study association and for a participant's own proof."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sirkel.circles.queries.study_hours import StudyHours
from sirkel.circles.rules.study_hours import Country, Reading, StudyRule, is_unusual
from sirkel.circles.rules.when import short_day
from sirkel.exchange.language import number_words
from sirkel.exchange.paper import (
    Blanks,
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Heading,
    Panel,
    Paper,
    Table,
    Text,
    Together,
    Tone,
    Words,
)


def study_hours_paper(found: StudyHours, *, language: str) -> Paper:
    """Return the read-out in a language. It holds counts alone: a name is written on it by hand or not at all."""
    circle = found.circle
    with override(language):
        readers = _("For the members of the circle")
        return Paper(
            kind=_("Study hours"),
            title=Words(_("Study hours of %(circle)s") % {"circle": circle.name}),
            language=language,
            foot=f"{circle.name} · {readers}",
            facts=Facts(
                [
                    Fact(_("Workplace"), Words(circle.workplace.name)),
                    Fact(_("Meetings held"), Words(str(len(found.meetings)))),
                    Fact(_("A study hour"), Words(_("45 minutes"))),
                ]
            ),
            blocks=[*_held(found, language), *_associations(found, language), *_proof()],
        )


def _held(found: StudyHours, language: str) -> list[Block]:
    if not found.meetings:
        return [Text(Words(_("No meeting has been held yet.")), Tone.QUIET)]
    total = _hours(found, language)
    columns = [
        Column(_("Meeting"), 24),
        Column(_("Day"), 62),
        Column(_("Minutes"), 30, is_number=True),
        Column(_("Study hours"), 40, is_number=True),
    ]
    rows = [
        [
            Words(str(meeting.number)),
            Words(short_day(meeting.day, language)),
            Words(number_words(meeting.minutes, language)),
            Words(number_words(meeting.hours, language)),
        ]
        for meeting in found.meetings
    ]
    rows.append(
        [
            Words(_("Together")),
            Words(""),
            Words(number_words(found.minutes, language)),
            Words(number_words(found.hours, language)),
        ]
    )
    blocks: list[Block] = [
        Panel(_("Together"), Words(total)),
        Heading(Words(_("Meetings held"))),
        Table(_("Meetings held"), columns, rows, strong=3),
        Text(
            Words(
                _(
                    "Counted from opening to closing, at most as long as planned. The sum is counted in minutes."
                )
            ),
            Tone.QUIET,
        ),
    ]
    if any(is_unusual(meeting.minutes) for meeting in found.meetings):
        unusual = _("An association may count a meeting of under 1 or over 4 study hours otherwise.")
        blocks.append(Text(Words(unusual), Tone.QUIET))
    return blocks


def _hours(found: StudyHours, language: str) -> str:
    meetings = ngettext("%d meeting held", "%d meetings held", len(found.meetings)) % len(found.meetings)
    return f"{hours_words(found.hours, language)}, {meetings}"


def hours_words(hours: Decimal, language: str) -> str:
    """Say how many study hours, in the language that is active."""
    said = ngettext("%(hours)s study hour", "%(hours)s study hours", 1 if hours == 1 else 2)
    return said % {"hours": number_words(hours, language)}


def _associations(found: StudyHours, language: str) -> list[Block]:
    columns = [Column(_("Where"), 36), Column(_("What is asked"), 64), Column(_("This circle"), 56)]
    rows = [
        [
            Words(_country(reading.rule.country)),
            Words(_asked(reading.rule)),
            Words(_reading(reading, language)),
        ]
        for reading in found.readings
    ]
    return [
        Heading(Words(_("As a study circle"))),
        Table(_("As a study circle"), columns, rows, strong=2),
        Bullets(
            [
                Words(_("Associations also ask who took part, and how often. Sirkel does not know it.")),
                Words(
                    _(
                        "Personal identity numbers never belong in Sirkel. Give them to the association yourself."
                    )
                ),
            ]
        ),
    ]


def _country(country: Country) -> str:
    return {Country.SWEDEN: _("Sweden"), Country.FINLAND: _("Finland and Åland")}[country]


def _asked(rule: StudyRule) -> str:
    hours = (
        _("at least %(least)d study hours") % {"least": rule.least_hours}
        if rule.most_hours is None
        else _("%(least)d to %(most)d study hours") % {"least": rule.least_hours, "most": rule.most_hours}
    )
    meetings = _("at least %(least)d meetings") % {"least": rule.least_meetings}
    people = (
        _("at least %(least)d people") % {"least": rule.least_people}
        if rule.most_people is None
        else _("%(least)d to %(most)d people") % {"least": rule.least_people, "most": rule.most_people}
    )
    return f"{hours}, {meetings}, {people}"


def _reading(reading: Reading, language: str) -> str:
    if reading.is_met:
        return _("Hours and meetings are enough.")
    if reading.is_over and not reading.meetings_missing:
        return _("More study hours than are counted: ask the association.")
    missing = []
    if reading.hours_missing:
        missing.append(hours_words(reading.hours_missing, language))
    if reading.meetings_missing:
        count = reading.meetings_missing
        missing.append(ngettext("%d meeting", "%d meetings", count) % count)
    return _("Not yet. Still missing: %(what)s.") % {"what": ", ".join(missing)}


def _proof() -> list[Block]:
    """Return what a participant fills in by hand: nothing of it is ever kept."""
    return [
        Together(
            [
                Heading(Words(_("Proof of my own hours"))),
                Text(
                    Words(
                        _(
                            "Filled in and signed by hand, by whoever wants it. Nothing of it is kept in Sirkel."
                        )
                    )
                ),
                Blanks(
                    [
                        _("Name"),
                        _("I was at these meetings (numbers)"),
                        _("Study hours together"),
                        _("Day and place"),
                        _("Signature of the facilitator"),
                    ]
                ),
            ]
        )
    ]

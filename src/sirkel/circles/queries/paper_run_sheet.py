"""A meeting's run sheet on paper: clock times and the words to say, for a room without network."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.models import Meeting, Step
from sirkel.circles.queries.rounds import current_round
from sirkel.circles.queries.steps import StepView, run_sheet
from sirkel.circles.rules.texts import in_language
from sirkel.circles.rules.when import clock_words, day_words, on_wall, span_words
from sirkel.exchange import paper
from sirkel.exchange.paper import Block, Fact, Facts, Paper, Steps, Text, Tone, Words


def run_sheet_paper(meeting: Meeting, *, language: str) -> Paper:
    """Return the run sheet in a language, each text in the language it was found in. Left-out steps are not in it."""
    circle = meeting.circle
    zone = circle.workplace.time_zone
    with override(language):
        lines = run_sheet(meeting, language=language, current=current_round(meeting))
        day = day_words(on_wall(meeting.starts_at, zone).date(), language)
        readers = _("For whoever leads the meeting")
        empty = Text(Words(_("The run sheet is empty.")), Tone.QUIET)
        blocks: list[Block] = [Steps([_step(line, language, zone) for line in lines]) if lines else empty]
        return Paper(
            kind=_("Run sheet"),
            title=Words(
                _("Meeting %(number)d of %(circle)s") % {"number": meeting.number, "circle": circle.name}
            ),
            language=language,
            foot=f"{circle.name} · {readers}",
            facts=Facts(
                [
                    Fact(_("Day"), Words(day)),
                    Fact(_("Time"), Words(span_words(meeting.starts_at, meeting.duration_minutes, zone))),
                    Fact(_("Place"), Words(meeting.place)),
                ]
            ),
            blocks=blocks,
        )


def _step(line: StepView, language: str, zone: str) -> paper.Step:
    step: Step = line.step
    return paper.Step(
        when=clock_words(on_wall(line.starts_at, zone)),
        length=_("%(n)s min") % {"n": step.minutes},
        title=_words(step.title, language),
        texts=[
            Text(_words(step.prompt, language), Tone.STRONG),
            Text(_words(step.hint, language), Tone.QUIET),
            Text(_words(step.say, language), name=_("Say")),
        ],
    )


def _words(texts: Mapping[str, str], language: str) -> Words:
    text, lang = in_language(texts, language)
    return Words(text, None if lang == language else lang)

"""What a meeting left behind, put together from what the circle itself wrote and decided.

Nothing is worded by anybody else, nothing says who wrote what when; held-back and withdrawn notes are
not in it.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.enums import (
    Audience,
    RoundState,
    ShareState,
    Stance,
    StepKind,
    TrialDecision,
)
from sirkel.circles.models import Meeting, Note, PulseSummary, ShareItem, Step, Tally, Theme, Trial, TrialLook
from sirkel.circles.queries.recap_words import labels, pulse_words
from sirkel.circles.queries.rounds import options_of
from sirkel.circles.queries.sittings import board_of, themes_to_choose
from sirkel.circles.rules.texts import in_language
from sirkel.circles.rules.when import on_wall
from sirkel.exchange.recap import (
    Recap,
    RecapCluster,
    RecapLookBack,
    RecapNote,
    RecapPulse,
    RecapSection,
    RecapShare,
    RecapTrial,
)


def recap_of(*, meeting: Meeting, language: str) -> Recap:
    """Return the recap of a held meeting, its fixed words in the reader's language, notes in their own.

    Of a meeting with two sittings it holds both, once both were held; the check-out is each sitting's own.

    Args:
        meeting: with its circle and workplace.
        language: the reader's.

    """
    circle, board = meeting.circle, board_of(meeting)
    notes = _notes(board)
    themes = list(themes_to_choose(meeting))
    # A theme whose words were taken back bears an ellipsis and says nothing.
    chosen = next((theme for theme in themes if theme.is_chosen and theme.title.strip("… ")), None)
    kept = _kept_until(meeting)
    with override(language):
        return Recap(
            circle_name=circle.name,
            workplace=circle.workplace.name,
            meeting_number=meeting.number,
            held_on=on_wall(meeting.opened_at or meeting.starts_at, circle.workplace.time_zone).date(),
            language=language,
            labels=labels(circle_name=circle.name, number=meeting.number, kept=kept),
            attendance_count=_attendance(board),
            theme=RecapNote(chosen.title, chosen.lang) if chosen else None,
            sections=_sections(board, notes, themes, language),
            decisions=_decisions(board),
            trials=[_trial(trial) for trial in _trials(board)],
            look_back=_look_back(board),
            shared=_shared(board),
            parked=[_recap_note(note) for note in notes if note.is_parked],
            pulse=_pulse(meeting),
            kept_trials=kept,
        )


def _attendance(board: Sequence[Meeting]) -> int | None:
    known = [one.attendance_count for one in board if one.attendance_count is not None]
    return sum(known) if known else None


def _notes(board: Sequence[Meeting]) -> list[Note]:
    return list(
        Note.objects.filter(round__step__meeting__in=board, is_held=False, is_withdrawn=False)
        .select_related("round")
        .order_by("position", "id")
    )


def _recap_note(note: Note) -> RecapNote:
    return RecapNote(note.text, note.lang, note.signed_name or None)


def _sections(
    board: Sequence[Meeting], notes: Iterable[Note], themes: list[Theme], language: str
) -> list[RecapSection]:
    """Return the steps that left notes, in the order of the run sheet; a step done twice is one section."""
    by_step: dict[uuid.UUID, list[Note]] = {}
    for note in notes:
        if not note.is_parked:
            by_step.setdefault(note.round.step_id, []).append(note)
    sections = []
    steps = Step.objects.filter(meeting__in=board, id__in=list(by_step)).select_related("meeting")
    for step in steps.order_by("position", "meeting__sitting", "id"):
        left = by_step[step.id]
        clusters = [
            RecapCluster(
                theme.title, [_recap_note(note) for note in left if note.theme_id == theme.id], theme.lang
            )
            for theme in themes
        ]
        clusters.append(RecapCluster(None, [_recap_note(note) for note in left if note.theme_id is None]))
        sections.append(
            RecapSection(
                _titled(step, language, is_one_of_two=len(board) > 1),
                in_language(step.prompt, language)[0],
                [cluster for cluster in clusters if cluster.notes],
            )
        )
    return sections


def _titled(step: Step, language: str, *, is_one_of_two: bool) -> str:
    title = in_language(step.title, language)[0] or str(StepKind(step.kind).label)
    if not is_one_of_two:
        return title
    sitting = _("first sitting") if step.meeting.sitting == 1 else _("second sitting")
    return f"{title} ({sitting})"


def _decisions(board: Sequence[Meeting]) -> list[RecapNote]:
    """Return what the circle agreed on where a choice made no theme: the most dots, or nobody against."""
    decided: list[RecapNote] = []
    chosen = Step.objects.filter(meeting__in=board, kind=StepKind.CHOOSE).select_related("meeting")
    for step in chosen.order_by("meeting__sitting", "position"):
        if step.settings.get("makes", "none") == "theme":
            continue
        round_ = step.rounds.exclude(state=RoundState.OPEN).order_by("-number").first()
        counts: dict[object, dict[str, int]] = {}
        for tally in Tally.objects.filter(round=round_) if round_ else ():
            counts.setdefault(tally.option, {})[tally.value] = tally.count
        top = max((values.get("dots", 0) for values in counts.values()), default=0)
        decided += [
            RecapNote(words, lang)
            for option, words, lang in options_of(step)
            if _is_decided(counts.get(option, {}), top)
        ]
    return decided


def _is_decided(values: dict[str, int], top: int) -> bool:
    if top:
        return values.get("dots", 0) == top
    against = values.get(Stance.CANNOT, 0) + values.get(Stance.NEEDS_CHANGE, 0)
    return values.get(Stance.CAN_LIVE, 0) > 0 and not against


def _trials(board: Sequence[Meeting]) -> list[Trial]:
    return list(Trial.objects.filter(meeting__in=board).order_by("ends_on", "id"))


def _trial(trial: Trial) -> RecapTrial:
    return RecapTrial(
        what=trial.what,
        who=trial.who,
        when=trial.when,
        prediction=trial.prediction,
        look_at=trial.look_at,
        stop_rule=trial.stop_rule,
        lang=trial.lang,
        until=trial.ends_on,
    )


def _look_back(board: Sequence[Meeting]) -> list[RecapLookBack]:
    looks = (
        TrialLook.objects.filter(meeting__in=board).select_related("trial").order_by("trial__ends_on", "id")
    )
    return [
        RecapLookBack(
            trial=look.trial.what,
            outcome=str(TrialDecision(look.decision).label) if look.decision else _("Goes on"),
            learning=look.learning,
            lang=look.lang,
            happened=look.happened,
        )
        for look in looks
    ]


def _shared(board: Sequence[Meeting]) -> list[RecapShare]:
    items = ShareItem.objects.filter(meeting__in=board, state=ShareState.APPROVED).order_by("id")
    return [RecapShare(item.text, str(Audience(item.audience).label), item.lang) for item in items]


def _pulse(meeting: Meeting) -> RecapPulse | None:
    """Return the check-out in words; of too few answers only that they were given."""
    summary = PulseSummary.objects.filter(meeting=meeting).first()
    if summary is None:
        return None
    if not summary.is_shown:
        return RecapPulse(remark=_("Too few answered to show it without showing who."))
    return RecapPulse(
        answers=pulse_words(summary.bands),
        words=[RecapNote(word["text"], word["lang"]) for word in summary.words],
    )


def _kept_until(meeting: Meeting) -> int:
    """Count the trials the circle had kept when this meeting closed: the leaves on its rings."""
    looks = TrialLook.objects.filter(
        meeting__circle=meeting.circle_id, meeting__number__lte=meeting.number, decision=TrialDecision.KEEP
    )
    return looks.values("trial").distinct().count()

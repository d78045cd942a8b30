"""A recap as a paper: what the circle agreed stands first, then the notes by step in the order given."""

from collections.abc import Iterable, Iterator

from sirkel.exchange.language import base_language, long_date, own_name
from sirkel.exchange.paper import (
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Heading,
    Panel,
    Paper,
    Rings,
    Table,
    Text,
    Together,
    Tone,
    Words,
)
from sirkel.exchange.recap import Recap, RecapNote, RecapPulse, RecapSection, RecapTrial


def recap_paper(recap: Recap) -> Paper:
    """Return the recap as a paper in its reader's language, notes in theirs; empty parts are left out."""
    words = recap.labels
    count = recap.attendance_count
    return Paper(
        kind=words["kind"],
        title=Words(words["title"]),
        language=recap.language,
        foot=f"{recap.circle_name} · {words['audience']}",
        facts=Facts(
            [
                Fact(words["held_on"], Words(long_date(recap.held_on, recap.language))),
                Fact(words["workplace"], Words(recap.workplace)),
                Fact(words["attendance"], Words("" if count is None else str(count))),
            ]
        ),
        blocks=list(_blocks(recap)),
        rings=Rings(recap.meeting_number, recap.kept_trials, words["rings"]),
    )


def _blocks(recap: Recap) -> Iterator[Block]:
    words = recap.labels
    if recap.theme is not None:
        yield Panel(words["theme"], _said(recap, recap.theme))
    if recap.is_empty:
        yield Text(Words(words["empty"]), Tone.QUIET)
    if recap.decisions:
        yield Heading(Words(words["decisions"]))
        yield _notes(recap, recap.decisions)
    if recap.trials:
        yield Heading(Words(words["trials"]))
        for trial in recap.trials:
            yield _trial(recap, trial)
    yield from _look_back(recap)
    for section in recap.sections:
        yield from _section(recap, section)
    if recap.parked:
        yield Heading(Words(words["parked"]))
        yield _notes(recap, recap.parked)
    yield from _shared(recap)
    if recap.pulse is not None:
        yield _pulse(recap, recap.pulse)


def _said(recap: Recap, note: RecapNote) -> Words:
    """Return a note with the name of its language, when it is not the reader's, and whoever chose to sign it."""
    is_other = base_language(note.lang) != base_language(recap.language)
    after = [own_name(note.lang)] if is_other else []
    return Words(
        note.text, note.lang, " · ".join([*after, *([note.signed_name] if note.signed_name else [])])
    )


def _notes(recap: Recap, notes: Iterable[RecapNote]) -> Bullets:
    return Bullets([_said(recap, note) for note in notes])


def _trial(recap: Recap, trial: RecapTrial) -> Together:
    words = recap.labels
    until = "" if trial.until is None else long_date(trial.until, recap.language)
    rows = [
        Fact(words["trial_who"], Words(trial.who, trial.lang)),
        Fact(words["trial_when"], Words(trial.when, trial.lang)),
        Fact(words["trial_until"], Words(until)),
        Fact(words["trial_prediction"], Words(trial.prediction, trial.lang)),
        Fact(words["trial_look_at"], Words(trial.look_at, trial.lang)),
        Fact(words["trial_stop_rule"], Words(trial.stop_rule, trial.lang), is_warm=True),
    ]
    return Together([Heading(Words(trial.what, trial.lang), level=3), Facts(rows)], has_bar=True)


def _look_back(recap: Recap) -> Iterator[Block]:
    if not recap.look_back:
        return
    words = recap.labels
    has_events = any(look.happened.strip() for look in recap.look_back)
    columns = [Column(words["look_back_trial"], 42 if has_events else 62)]
    if has_events:
        columns.append(Column(words["look_back_happened"], 46))
    columns += [
        Column(words["look_back_outcome"], 24),
        Column(words["look_back_learning"], 44 if has_events else 70),
    ]
    rows = [
        [
            Words(look.trial, look.lang),
            *([Words(look.happened, look.lang)] if has_events else []),
            Words(look.outcome),
            Words(look.learning, look.lang),
        ]
        for look in recap.look_back
    ]
    yield Heading(Words(words["look_back"]))
    yield Table(words["look_back"], columns, rows, strong=2 if has_events else 1)


def _section(recap: Recap, section: RecapSection) -> Iterator[Block]:
    yield Heading(Words(section.title))
    yield Text(Words(section.prompt), Tone.PROMPT)
    has_titles = any(cluster.title for cluster in section.clusters)
    for cluster in section.clusters:
        if not cluster.notes:
            continue
        if cluster.title:
            yield Heading(Words(cluster.title, cluster.lang or recap.language), level=3)
        elif has_titles:
            yield Heading(Words(recap.labels["ungrouped"]), level=3)
        yield _notes(recap, cluster.notes)


def _shared(recap: Recap) -> Iterator[Block]:
    if not recap.shared:
        return
    words = recap.labels
    columns = [Column(words["shared_text"], 112), Column(words["shared_audience"], 44)]
    yield Heading(Words(words["shared"]))
    yield Table(
        words["shared"],
        columns,
        [[Words(item.text, item.lang), Words(item.audience)] for item in recap.shared],
    )


def _pulse(recap: Recap, pulse: RecapPulse) -> Together:
    return Together(
        [
            Heading(Words(recap.labels["pulse"])),
            Facts([Fact(question, Words(answer)) for question, answer in pulse.answers]),
            _notes(recap, pulse.words),
            Text(Words(pulse.remark), Tone.QUIET),
        ]
    )

"""A recap as a PDF that prints well and reads aloud well."""

from collections.abc import Sequence
from datetime import datetime

from sirkel.exchange.language import base_language, long_date, own_name
from sirkel.exchange.recap import Recap, RecapNote, RecapPulse, RecapSection
from sirkel.exchange.typeset import typeset


def recap_pdf(recap: Recap, *, at: datetime) -> bytes:
    """Return the recap as a tagged PDF on A4 (PDF/UA-1), in the recap's language with notes in theirs.

    `at` is the aware time of making. What the circle agreed stands first, then the notes by step in the
    order given; empty parts are left out. Text is set exactly as written, without hyphens in notes.
    """
    return typeset("recap", _data(recap), at=at)


def _data(recap: Recap) -> dict[str, object]:
    count = recap.attendance_count
    return {
        "language": base_language(recap.language),
        "labels": {key: str(value) for key, value in recap.labels.items()},
        "circle_name": recap.circle_name,
        "workplace": recap.workplace,
        "meeting_number": recap.meeting_number,
        "kept_trials": recap.kept_trials,
        "held_on": long_date(recap.held_on, recap.language),
        "attendance": "" if count is None else str(count),
        "is_empty": recap.is_empty,
        "theme": None if recap.theme is None else _note(recap, recap.theme),
        "decisions": _notes(recap, recap.decisions),
        "trials": [
            {
                "what": trial.what,
                "who": trial.who,
                "when": trial.when,
                "until": "" if trial.until is None else long_date(trial.until, recap.language),
                "prediction": trial.prediction,
                "look_at": trial.look_at,
                "stop_rule": trial.stop_rule,
                "lang": base_language(trial.lang),
            }
            for trial in recap.trials
        ],
        "look_back": [
            {
                "trial": look.trial,
                "happened": look.happened,
                "outcome": look.outcome,
                "learning": look.learning,
                "lang": base_language(look.lang),
            }
            for look in recap.look_back
        ],
        "sections": [_section(recap, section) for section in recap.sections],
        "parked": _notes(recap, recap.parked),
        "shared": [
            {"text": item.text, "audience": item.audience, "lang": base_language(item.lang)}
            for item in recap.shared
        ],
        "pulse": None if recap.pulse is None else _pulse(recap, recap.pulse),
    }


def _note(recap: Recap, note: RecapNote) -> dict[str, object]:
    language = base_language(note.lang)
    return {
        "text": note.text,
        "lang": language,
        "language_name": None if language == base_language(recap.language) else own_name(note.lang),
        "signed_name": note.signed_name or None,
    }


def _notes(recap: Recap, notes: Sequence[RecapNote]) -> list[dict[str, object]]:
    return [_note(recap, note) for note in notes]


def _section(recap: Recap, section: RecapSection) -> dict[str, object]:
    has_titles = any(cluster.title for cluster in section.clusters)
    ungrouped = recap.labels["ungrouped"] if has_titles else None
    clusters = [
        {
            "title": cluster.title or ungrouped,
            "lang": base_language(cluster.lang or recap.language) if cluster.title else None,
            "notes": _notes(recap, cluster.notes),
        }
        for cluster in section.clusters
        if cluster.notes
    ]
    return {"title": section.title, "prompt": section.prompt, "clusters": clusters}


def _pulse(recap: Recap, pulse: RecapPulse) -> dict[str, object]:
    return {
        "answers": [list(answer) for answer in pulse.answers],
        "words": _notes(recap, pulse.words),
        "remark": pulse.remark,
    }

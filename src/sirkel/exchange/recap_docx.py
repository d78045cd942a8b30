"""A recap as a Word file that its readers may work on."""

from collections.abc import Sequence
from datetime import datetime

from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from sirkel.exchange import docx_look as look
from sirkel.exchange.language import base_language, long_date, own_name
from sirkel.exchange.recap import Recap, RecapNote, RecapPulse, RecapSection, RecapTrial
from sirkel.exchange.text import clean_line, clean_text


def recap_docx(recap: Recap, *, at: datetime) -> bytes:
    """Return the recap as a Word file (.docx) on A4, in the same order as the PDF.

    Headings, lists and tables are Word's own; the document and every note carry their language; there is no
    macro, no author and no comment in the file. `at` is the aware time of making. The same input gives the
    same bytes.
    """
    if at.tzinfo is None:
        raise ValueError("The time of a document must be aware")
    document = look.new_document(title=recap.labels["title"], language=recap.language, at=at)
    _add_head(document, recap)
    if recap.decisions:
        document.add_heading(_label(recap, "decisions"), level=2)
        _add_notes(document, recap, recap.decisions)
    if recap.trials:
        document.add_heading(_label(recap, "trials"), level=2)
        for trial in recap.trials:
            _add_trial(document, recap, trial)
    _add_look_back(document, recap)
    for section in recap.sections:
        _add_section(document, recap, section)
    if recap.parked:
        document.add_heading(_label(recap, "parked"), level=2)
        _add_notes(document, recap, recap.parked)
    _add_shared(document, recap)
    if recap.pulse is not None:
        _add_pulse(document, recap, recap.pulse)
    _add_footer(document, recap)
    return look.saved(document, at=at)


def _label(recap: Recap, key: str) -> str:
    return clean_line(recap.labels[key])


def _add_head(document: WordFile, recap: Recap) -> None:
    kind = document.add_paragraph()
    kind.paragraph_format.space_after = Pt(0)
    look.add_words(kind, recap.labels["kind"], colour=look.PINE)
    document.add_heading(_label(recap, "title"), level=1)
    _add_field(document, recap.labels["held_on"], long_date(recap.held_on, recap.language))
    _add_field(document, recap.labels["workplace"], recap.workplace)
    if recap.attendance_count is not None:
        _add_field(document, recap.labels["attendance"], str(recap.attendance_count))
    if recap.theme is not None:
        theme = document.add_paragraph(style="Sirkel Theme")
        look.add_words(theme, recap.labels["theme"] + ": ", colour=look.PINE).add_text(" ")
        look.add_words(theme, recap.theme.text, lang=recap.theme.lang)
    if recap.is_empty:
        look.add_words(document.add_paragraph(), recap.labels["empty"], colour=look.QUIET)


def _add_field(
    document: WordFile, name: str, value: str, *, lang: str | None = None, colour: RGBColor = look.QUIET
) -> None:
    if not clean_text(value):
        return
    paragraph = document.add_paragraph(style="Sirkel Field")
    look.add_words(paragraph, name, colour=colour).add_tab()
    look.add_words(paragraph, value, lang=lang)


def _add_notes(document: WordFile, recap: Recap, notes: Sequence[RecapNote]) -> None:
    for note in notes:
        paragraph = document.add_paragraph(style="List Bullet")
        look.add_words(paragraph, note.text, lang=note.lang)
        _add_signature(paragraph, recap, note)


def _add_signature(paragraph: Paragraph, recap: Recap, note: RecapNote) -> None:
    is_foreign = base_language(note.lang) != base_language(recap.language)
    parts = [own_name(note.lang)] if is_foreign else []
    if note.signed_name:
        parts.append(clean_line(note.signed_name))
    if parts:
        run = paragraph.add_run("\u2003" + " · ".join(parts))
        run.font.size, run.font.color.rgb = Pt(9), look.QUIET


def _add_trial(document: WordFile, recap: Recap, trial: RecapTrial) -> None:
    heading = document.add_heading(level=3)
    look.add_words(heading, clean_line(trial.what), lang=trial.lang)
    words = recap.labels
    until = "" if trial.until is None else long_date(trial.until, recap.language)
    _add_field(document, words["trial_who"], trial.who, lang=trial.lang)
    _add_field(document, words["trial_when"], trial.when, lang=trial.lang)
    _add_field(document, words["trial_until"], until)
    _add_field(document, words["trial_prediction"], trial.prediction, lang=trial.lang)
    _add_field(document, words["trial_look_at"], trial.look_at, lang=trial.lang)
    _add_field(document, words["trial_stop_rule"], trial.stop_rule, lang=trial.lang, colour=look.WARM)


def _add_look_back(document: WordFile, recap: Recap) -> None:
    if not recap.look_back:
        return
    words = recap.labels
    document.add_heading(_label(recap, "look_back"), level=2)
    names = [words[f"look_back_{part}"] for part in ("trial", "happened", "outcome", "learning")]
    table = look.add_table(document, names, caption=words["look_back"], widths=(42, 46, 24, 44))
    for item in recap.look_back:
        cells = (item.trial, item.lang), (item.happened, item.lang), (item.outcome, None)
        look.add_row(table, (*cells, (item.learning, item.lang)), bold=2)


def _add_section(document: WordFile, recap: Recap, section: RecapSection) -> None:
    document.add_heading(clean_line(section.title), level=2)
    if clean_text(section.prompt):
        look.add_words(document.add_paragraph(style="Sirkel Prompt"), section.prompt)
    has_titles = any(cluster.title for cluster in section.clusters)
    for cluster in section.clusters:
        if not cluster.notes:
            continue
        if cluster.title:
            heading = document.add_heading(level=3)
            look.add_words(heading, clean_line(cluster.title), lang=cluster.lang or recap.language)
        elif has_titles:
            document.add_heading(_label(recap, "ungrouped"), level=3)
        _add_notes(document, recap, cluster.notes)


def _add_shared(document: WordFile, recap: Recap) -> None:
    if not recap.shared:
        return
    words = recap.labels
    document.add_heading(_label(recap, "shared"), level=2)
    names = (words["shared_text"], words["shared_audience"])
    table = look.add_table(document, names, caption=words["shared"], widths=(112, 44))
    for item in recap.shared:
        look.add_row(table, ((item.text, item.lang), (item.audience, None)))


def _add_pulse(document: WordFile, recap: Recap, pulse: RecapPulse) -> None:
    document.add_heading(_label(recap, "pulse"), level=2)
    for question, answer in pulse.answers:
        _add_field(document, question, answer)
    _add_notes(document, recap, pulse.words)
    if clean_text(pulse.remark):
        look.add_words(document.add_paragraph(), pulse.remark, colour=look.QUIET)


def _add_footer(document: WordFile, recap: Recap) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    line = f"{clean_line(recap.circle_name)} · {_label(recap, 'audience')}"
    words = look.add_words(paragraph, line, colour=look.QUIET)
    words.font.size = Pt(9)
    words.add_tab()
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    number.append(paragraph.add_run("1")._r)  # noqa: SLF001 -- the library has no public way to a field
    paragraph._p.append(number)  # noqa: SLF001

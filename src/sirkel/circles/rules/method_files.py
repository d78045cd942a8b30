"""Reads files of methods and says everything that is wrong with one, a line per fault."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sirkel.circles.rules.method_data import (
    CARD_GROUPS,
    CHECKLIST_PAGES,
    CHECKLIST_WEEKS,
    KINDS,
    LANGUAGES,
    MOMENTS,
    SETTINGS,
    SOURCES,
    WORD_LISTS,
    Card,
    ChecklistItem,
    Method,
    Moment,
    Question,
    StepPlan,
    Word,
)
from sirkel.circles.rules.method_sheet import Sheet

_BASE_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ß": "ss"})


def fold(word: str) -> str:
    """Bring a word to the form in which spellings are compared: small letters without marks (``Ræv`` → ``raev``)."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_BASE_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _settings(
    sheet: Sheet, raw: object, where: str, kind: str, earlier: Mapping[str, str]
) -> Mapping[str, object]:
    known = SETTINGS.get(kind, {})
    sources = SOURCES.get(kind)
    given = sheet.mapping(raw, where, needs=("source",) if sources else (), may=tuple(known))
    settings: dict[str, object] = {}
    for name, (usual, allowed) in known.items():
        value = given.get(name, usual)
        at = f"{where}.{name}"
        if isinstance(allowed, range):
            value = sheet.number(value, at, allowed)
        elif isinstance(allowed, tuple):
            value = sheet.one_of(value, at, allowed)
        elif not isinstance(value, bool):
            sheet.fault(at, f"{value!r} must be true or false")
        settings[name] = value
    if sources and "source" in given:
        source = given["source"]
        settings["source"] = source
        if not isinstance(source, str) or earlier.get(source) not in sources:
            sheet.fault(
                f"{where}.source", f"{source!r} is not an earlier step of kind {' or '.join(sources)}"
            )
    return MappingProxyType(settings)


def _step(sheet: Sheet, raw: object, where: str, earlier: dict[str, str]) -> StepPlan | None:
    needs = ("key", "kind", "minutes", "title", "prompt")
    fields = sheet.mapping(raw, where, needs=needs, may=("hint", "say", "settings"))
    if not fields:
        return None
    key = sheet.key(fields.get("key"), f"{where}.key")
    if key and key in earlier:
        sheet.fault(f"{where}.key", f"{key!r} stands twice")
    where = f"steps[{key}]" if key else where
    kind = sheet.one_of(fields.get("kind"), f"{where}.kind", KINDS)
    step = StepPlan(
        key=key,
        kind=kind,
        minutes=sheet.number(fields.get("minutes"), f"{where}.minutes", range(1, 241)),
        settings=_settings(sheet, fields.get("settings", {}), f"{where}.settings", kind, earlier)
        if kind in KINDS
        else MappingProxyType({}),
        **{
            name: sheet.text(fields.get(name), f"{where}.{name}")
            for name in ("title", "prompt", "hint", "say")
        },
    )
    earlier[key] = kind
    return step


def read_method(path: Path) -> Method:
    """Read one run sheet.

    Raises:
        MethodFault: with a line for everything that is wrong.

    """
    sheet = Sheet(path)
    needs = ("id", "version", "title", "about", "moment", "duration_minutes", "steps")
    fields = sheet.mapping(sheet.load(), "file", needs=needs, may=("source", "licence"))
    if not fields:
        sheet.done()
    name = sheet.key(fields.get("id"), "id")
    if name and name != path.stem:
        sheet.fault("id", f"{name!r} must be the file's name, {path.stem!r}")
    version = fields.get("version")
    if version is not None and not (isinstance(version, str) and version.strip()):
        sheet.fault("version", 'must be a text in quotes, like "1"')
    earlier: dict[str, str] = {}
    plans = [
        _step(sheet, raw, f"steps[#{place}]", earlier)
        for place, raw in enumerate(sheet.items(fields.get("steps", [None]), "steps"), start=1)
        if "steps" in fields
    ]
    steps = tuple(plan for plan in plans if plan)
    minutes = sheet.number(fields.get("duration_minutes"), "duration_minutes", range(10, 481))
    total = sum(step.minutes for step in steps)
    if minutes and steps and minutes != total:
        sheet.fault("duration_minutes", f"is {minutes}, but the steps last {total} minutes")
    method = Method(
        id=name,
        version=str(version),
        title=sheet.text(fields.get("title"), "title"),
        about=sheet.text(fields.get("about"), "about"),
        moment=sheet.one_of(fields.get("moment"), "moment", MOMENTS),
        duration_minutes=minutes,
        steps=steps,
        source=sheet.line(fields.get("source", ""), "source"),
        licence=sheet.line(fields.get("licence", ""), "licence"),
    )
    sheet.done()
    return method


def read_cards(path: Path) -> tuple[Card, ...]:
    """Read the question cards, a list in the file's order. Raises `MethodFault`."""
    sheet = Sheet(path)
    cards = []
    for where, key, fields in _entries(sheet, needs=("id", "group", "text")):
        group = sheet.one_of(fields.get("group"), f"{where}.group", CARD_GROUPS)
        cards.append(Card(id=key, group=group, text=sheet.text(fields.get("text"), f"{where}.text")))
    sheet.done()
    return tuple(cards)


def read_moments(path: Path) -> tuple[Moment, ...]:
    """Read the help for difficult moments, a list in the file's order. Raises `MethodFault`."""
    sheet = Sheet(path)
    names = ("title", "advice", "say")
    moments = [
        Moment(id=key, **{name: sheet.text(fields.get(name), f"{where}.{name}") for name in names})
        for where, key, fields in _entries(sheet, needs=("id", *names))
    ]
    sheet.done()
    return tuple(moments)


def read_checklist(path: Path) -> tuple[ChecklistItem, ...]:
    """Read what there is to do before the first meeting: the longest before first. Raises `MethodFault`."""
    sheet = Sheet(path)
    items = []
    for where, key, fields in _entries(sheet, needs=("id", "weeks", "page", "text")):
        weeks = sheet.number(fields.get("weeks"), f"{where}.weeks", range(max(CHECKLIST_WEEKS) + 1))
        if fields.get("weeks") is not None and weeks not in CHECKLIST_WEEKS:
            sheet.fault(f"{where}.weeks", "must be 4, 2, 1 or 0")
        items.append(
            ChecklistItem(
                id=key,
                weeks=weeks,
                page=sheet.one_of(fields.get("page"), f"{where}.page", CHECKLIST_PAGES),
                text=sheet.text(fields.get("text"), f"{where}.text"),
            )
        )
    sheet.done()
    return tuple(sorted(items, key=lambda item: -item.weeks))


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read the questions of the private log, a list in the file's order. Raises `MethodFault`."""
    sheet = Sheet(path)
    questions = [
        Question(id=key, text=sheet.text(fields.get("text"), f"{where}.text"))
        for where, key, fields in _entries(sheet, needs=("id", "text"))
    ]
    sheet.done()
    return tuple(questions)


def _entries(sheet: Sheet, *, needs: tuple[str, ...]) -> list[tuple[str, str, dict]]:
    """Give path, id and fields of each entry of a file that is one list; note ids that stand twice."""
    entries = []
    seen = set()
    for place, raw in enumerate(sheet.items(sheet.load(), "file"), start=1):
        where = f"[#{place}]"
        fields = sheet.mapping(raw, where, needs=needs)
        key = sheet.key(fields.get("id"), f"{where}.id")
        if key and key in seen:
            sheet.fault(f"{where}.id", f"{key!r} stands twice")
        seen.add(key)
        entries.append((f"[{key}]" if key else where, key, fields))
    return entries


def read_words(path: Path) -> tuple[tuple[Word, ...], ...]:
    """Read the three lists of the come-back phrase.

    A spelling may mean one thing only, in all languages and lists together and without marks on letters,
    so that a typed phrase can be understood without asking for its language. Raises `MethodFault`.
    """
    sheet = Sheet(path)
    fields = sheet.mapping(sheet.load(), "file", needs=WORD_LISTS)
    meaning: dict[str, str] = {}
    seen: set[str] = set()
    lists = tuple(
        _word_list(sheet, fields.get(name), name, seen, meaning) for name in WORD_LISTS if name in fields
    )
    sheet.done()
    return lists


def _word_list(
    sheet: Sheet, raw: object, name: str, seen: set[str], meaning: dict[str, str]
) -> tuple[Word, ...]:
    words = []
    for place, entry in enumerate(sheet.items(raw, name), start=1):
        fields = sheet.mapping(entry, f"{name}[#{place}]", needs=("id", *LANGUAGES))
        key = sheet.key(fields.get("id"), f"{name}[#{place}].id")
        if key and key in seen:
            sheet.fault(f"{name}[#{place}].id", f"{key!r} stands twice")
        seen.add(key)
        for language in LANGUAGES:
            word = fields.get(language, "")
            where = f"{name}[{key}].{language}"
            if not isinstance(word, str) or (language in fields and not word.isalpha()):
                sheet.fault(where, f"{word!r} must be one word of letters only")
            elif meaning.setdefault(fold(word), key) != key and word:
                sheet.fault(where, f"{word!r} already means {meaning[fold(word)]!r}")
        words.append(Word(id=key, text=MappingProxyType({la: str(fields.get(la, "")) for la in LANGUAGES})))
    return tuple(words)

"""Interface texts: gather them from code and templates, compile the catalogues, and say what is not translated.

    python -m sirkel.config.translations extract | compile | check

Babel does what msgfmt and xgettext do elsewhere, so that a bare machine can install Sirkel.
"""

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGES = ("nb", "nn", "da", "sv", "fi")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# %(name)s, %s and {name}; %% and {{ are text.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[sdf]|(?<!\{)\{\w*\}(?!\})")
FIXED_DATE = datetime(
    2025, 1, 1, tzinfo=UTC
)  # a date that moves would make every catalogue change on every run

Key = tuple[str, str | None]


def gather(package: Path = PACKAGE) -> Catalog:
    """Gather every text marked for translation in our Python files and templates."""
    catalog = Catalog(project="Sirkel", creation_date=FIXED_DATE)
    for path in _sources(package):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = _as_python(source, path)
        name = path.relative_to(package).as_posix()
        found = extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
        )
        for line, text, comments, context in found:
            catalog.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def _sources(package: Path) -> Iterator[Path]:
    templates = (path for kind in ("html", "txt") for path in package.rglob(f"templates/**/*.{kind}"))
    for path in sorted([*package.rglob("*.py"), *templates]):
        if "migrations" not in path.parts:
            yield path


def _as_python(source: str, path: Path) -> str:
    """Turn a template into lines Babel's Python reader takes: Django's own conversion, without the indentation."""
    return "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())


def extract_all(package: Path = PACKAGE) -> None:
    """Bring every catalogue up to the code: new texts come in empty, gone texts go, translations stay."""
    template = gather(package)
    for language in LANGUAGES:
        path = _path(package, language)
        catalog = _read(path) if path.is_file() else Catalog(locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        catalog.creation_date = catalog.revision_date = FIXED_DATE
        catalog.header_comment = f"# Sirkel, {language}"
        catalog.project, catalog.version = "Sirkel", ""
        catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
        target = io.BytesIO()
        write_po(target, catalog, width=0, include_lineno=False, sort_output=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(target.getvalue())


def compile_all(package: Path = PACKAGE) -> None:
    """Compile each catalogue whose compiled form is missing or older."""
    for path in sorted(package.glob("locale/*/LC_MESSAGES/django.po")):
        compiled = path.with_suffix(".mo")
        if compiled.is_file() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        target = io.BytesIO()
        write_mo(target, _read(path))
        fresh = compiled.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(target.getvalue())
        fresh.replace(compiled)


def check_all(package: Path = PACKAGE) -> list[str]:
    """Name everything that keeps a reader from seeing each text in each language, one line per fault."""
    wanted = {_key(message): message for message in gather(package) if message.id}
    faults = []
    for language in LANGUAGES:
        path = _path(package, language)
        if not path.is_file():
            faults.append(f"{language}: there is no catalogue")
            continue
        have = {_key(message): message for message in _read(path) if message.id}
        faults += [
            f"{language}: missing: {_show(key)}" for key in sorted(wanted.keys() - have.keys(), key=str)
        ]
        faults += [
            f"{language}: no longer in the code: {_show(key)}"
            for key in sorted(have.keys() - wanted.keys(), key=str)
        ]
        for key in sorted(wanted.keys() & have.keys(), key=str):
            faults += [f"{language}: {fault}: {_show(key)}" for fault in _faults_of(have[key], wanted[key])]
    return faults


def _faults_of(message: Message, wanted: Message) -> Iterator[str]:
    """Say what is wrong with one translation."""
    sources, targets = _forms(wanted.id), _forms(message.string)
    if not targets or not all(targets):
        yield "not translated"
        return
    if len(sources) > 1 and wanted.pluralizable != message.pluralizable:
        yield "plural forms missing"
    if message.fuzzy:
        yield "fuzzy"
    # One form of a plural may leave the number out ("one note"); what every form names must be named.
    per_form = [set(PLACEHOLDER.findall(form)) for form in sources]
    required, allowed = set.intersection(*per_form), set.union(*per_form)
    for target in targets:
        used = set(PLACEHOLDER.findall(target))
        if used - allowed or required - used:
            yield f"placeholders differ ({', '.join(sorted(used ^ required)) or 'none'})"
    if any((target[:1] == "\n") != (sources[0][:1] == "\n") for target in targets):
        yield "begins with a line break on one side only"


def _forms(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [])


def _key(message: Message) -> Key:
    return _forms(message.id)[0], message.context


def _show(key: Key) -> str:
    text, context = key
    return repr(text) + (f" ({context})" if context else "")


def _path(package: Path, language: str) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3])


def main(arguments: list[str]) -> int:
    """Run one of the three; give the exit code."""
    if arguments == ["extract"]:
        extract_all()
    elif arguments == ["compile"]:
        compile_all()
    elif arguments == ["check"]:
        faults = check_all()
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        return 1 if faults else 0
    else:
        sys.stderr.write("usage: python -m sirkel.config.translations extract | compile | check\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The `sirkel` command: one parser, one door out. Standard library only, since it runs before anything is installed."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from . import bench, evidence, gate, safety, up
from .install import install
from .place import Place, Trouble, call, note

EPILOG = "Every verb has its own help: ./sirkel VERB --help"


class Parser(argparse.ArgumentParser):
    """A parser that answers wrong use with one line instead of a page."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        raise Trouble(f"{self.prog}: {message} (see: {self.prog} --help)", code=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; give the exit code: 0 done, 1 failed, 2 used wrongly, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except Trouble as trouble:
        note(str(trouble))
        return trouble.code
    except KeyboardInterrupt:
        note("")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(words: list[str]) -> int:
    """Split a pass-through verb by hand: argparse would reorder what belongs to Django and pytest."""
    raw: dict[str, Callable[[Place, list[str]], int]] = {"manage": _manage, "test": gate.test}
    if words and words[0] in raw and not {"-h", "--help"} & set(words[1:2]):
        return raw[words[0]](Place.find(), words[1:])
    parsed = _parser().parse_args(words)
    if parsed.verb is None:
        _parser().error("name a verb: up, test, bench, analyse, protect, backup, restore, audit or manage")
    act: Callable[[argparse.Namespace], int] = parsed.act
    return act(parsed)


def _parser() -> Parser:
    parser = Parser(
        prog=_name(), description="Sirkel: learning circles for health and care workplaces.", epilog=EPILOG
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)
    up.add_to(verbs)
    gate.add_to(verbs)
    bench.add_to(verbs)
    evidence.add_to(verbs)
    safety.add_to(verbs)
    audit = verbs.add_parser(
        "audit", help="check the audit chain", description="Check what Sirkel has recorded about itself."
    )
    checks = audit.add_subparsers(dest="check", metavar="CHECK", required=True, parser_class=Parser)
    verify = checks.add_parser(
        "verify",
        help="walk the hash chain and name the first row that does not fit",
        description="Walk the hash chain of the audit log; name the first row that does not fit. Exit code 1 when there is one.",
    )
    verify.add_argument("--data", metavar="DIR", help="the folder with databases and keys (default: data/)")
    verify.add_argument("--chain", metavar="ORGANISATION", help="only the chain of this organisation")
    verify.add_argument(
        "--heads", action="store_true", help="print the present heads, for somebody outside to keep"
    )
    verify.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="HASH",
        help="a head kept earlier that must still be there",
    )
    verify.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="FILE",
        help="a mail with heads that somebody kept, or what --heads printed: every head in it must still be there",
    )
    verify.set_defaults(act=_verify)
    verbs.add_parser(
        "manage",
        help="Django's own commands",
        description="Hand everything after `manage` to Django. `manage help` lists the commands.",
        usage=f"{_name()} manage COMMAND [ARGUMENTS ...]",
    )
    return parser


def _verify(parsed: argparse.Namespace) -> int:
    words = ["audit_verify", *(["--heads"] if parsed.heads else [])]
    words += ["--chain", parsed.chain] if parsed.chain else []
    words += [word for head in parsed.head for word in ("--head", head)]
    words += [word for file in parsed.against for word in ("--against", file)]
    return _manage(Place.find(parsed.data), words)


def _manage(place: Place, words: list[str]) -> int:
    install(place, "run")
    place.make_data()
    command = [word.replace("-", "_") for word in words[:1]]  # play-meeting and play_meeting are one
    return call([place.python, "-m", "django", *command, *words[1:]], place=place, cwd=Path.cwd())


def _name() -> str:
    return "./sirkel" if Place.find().is_checkout else "sirkel"

"""Pictures of what each role meets in the demo, page by page, for looking at.

As a command, with a demo already running::

    python -m tests.e2e.roles http://127.0.0.1:8000 --roles leader facilitator --languages sv --out build/roles

Each role goes in as an invented person by the demo's link, and follows links from its home: what no link leads to is
not in the pictures. They go under ``build/``, which git ignores.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser as Chrome

from sirkel.config.bots.browser import Browser
from sirkel.config.bots.cast import by_demo_link
from sirkel.config.bots.reader import links_in
from tests.e2e.screenshots import browser, shoot

OUT = Path(__file__).resolve().parents[2] / "build" / "roles"
ROLES = {
    "facilitator": ("Marit Prøve", ("/circles/",)),
    "ended": ("Ingrid Prøve", ("/circles/",)),
    "live": ("Karen Eksempel", ("/circles/",)),
    "leader": ("Solveig Demo", ("/leader/",)),
    "new-leader": ("Kari Eksempel", ("/leader/",)),
    "starting": ("Lena Exempel", ("/leader/",)),
    "representative": ("Eva Exempel", ("/representative/",)),
    "coordinator": ("Sigrid Prøve", ("/network/cards/",)),
    "officer": ("Peter Eksempel", ("/policy/",)),
    "administrator": ("Hilde Demo", ("/administration/",)),
    "keeper": ("Noora Esimerkki", ("/administration/server/health/", "/administration/server/settings/")),
}
LOOKS = ((320, False), (1280, False), (320, True), (1280, True))
LEFT_OUT = re.compile(r"^/(accounts|i18n|demo|static|patterns|keep)/|\.(ics|pdf|docx)$|/change/$|^/room/")
ONE_OF_EACH = re.compile(r"[0-9a-f-]{36}|(?<=/)\d+(?=/)")


def reached(site: str, name: str, starts: tuple[str, ...], *, most: int) -> Iterator[str]:
    """Yield the pages that somebody reaches by links, one of each kind and each circle's own page, and the cookies first."""
    person = Browser(site=site)
    by_demo_link(person, name)
    yield ";".join(f"{key}={value}" for key, value in person.cookies().items())
    waiting, seen, kinds = list(starts), set(), set()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        kind = ONE_OF_EACH.sub("*", path)
        if path in seen or kind in kinds or LEFT_OUT.search(path):
            continue
        answer = person.call(path)
        if answer.status != 200 or "<html" not in answer.body:
            continue
        seen.add(path)
        kinds.add(kind)
        yield path
        for href, _words in links_in(answer.body):
            address = urlsplit(href)
            if address.path and address.netloc in ("", urlsplit(site).netloc):
                waiting.append(address.path)


def look(
    chrome: Chrome,
    site: str,
    role: str,
    *,
    languages: list[str],
    looks: tuple[tuple[int, bool], ...],
    most: int,
    out: Path,
) -> Iterator[Path]:
    """Take the pictures of one role."""
    name, starts = ROLES[role]
    pages = reached(site, name, starts, most=most)
    held = dict(pair.split("=", 1) for pair in next(pages).split(";"))
    for number, path in enumerate(pages, start=1):
        title = ONE_OF_EACH.sub("", path).strip("/").replace("/", "-").replace("--", "-") or "start"
        for language in languages:
            cookies = held | {"django_language": language}
            for width, is_dark in looks:
                yield shoot(
                    site + path,
                    f"{number:02}-{title}-{language}",
                    width,
                    dark=is_dark,
                    language=language,
                    cookies=[{"name": key, "value": value, "url": site} for key, value in cookies.items()],
                    using=chrome,
                    out=out / role,
                )


def main() -> None:
    """Take pictures of the roles named, in the languages named, at two widths and in both schemes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", help="where the demo answers, as http://127.0.0.1:8000")
    parser.add_argument("--roles", nargs="*", default=list(ROLES), choices=list(ROLES))
    parser.add_argument("--languages", nargs="*", default=["sv", "fi", "da"])
    parser.add_argument(
        "--looks", nargs="*", type=int, default=[0, 1, 2, 3], help="0 and 1 light, 2 and 3 dark"
    )
    parser.add_argument("--most", type=int, default=30, help="how many pages per role")
    parser.add_argument("--out", type=Path, default=OUT)
    chosen = parser.parse_args()
    with browser() as chrome:
        for role in chosen.roles:
            for file in look(
                chrome,
                chosen.site.rstrip("/"),
                role,
                languages=chosen.languages,
                looks=tuple(LOOKS[each] for each in chosen.looks),
                most=chosen.most,
                out=chosen.out,
            ):
                print(file)


if __name__ == "__main__":
    main()

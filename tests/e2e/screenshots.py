"""Pictures of pages, for looking at: ``shoot(url, name, width, height, dark=…, full_page=…)``.

As a command, with a server already running::

    python -m tests.e2e.screenshots http://127.0.0.1:8000 /patterns/ /patterns/hand/ --out build/screenshots

Pictures go under ``build/``, which git ignores.
"""

import argparse
import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

OUT = Path(__file__).resolve().parents[2] / "build" / "screenshots"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
SIZES = {320: 640, 390: 844, 1280: 800, 1920: 1080}


def chromium() -> str | None:
    """Return the path of the system's Chromium; none when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Start one headless browser and close it after use."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            yield started
        finally:
            started.close()


def shoot(
    url: str,
    name: str,
    width: int = 1280,
    height: int = 800,
    *,
    dark: bool = False,
    full_page: bool = True,
    language: str = "nb",
    print_media: bool = False,
    forced_colors: bool = False,
    cookies: list[dict[str, object]] | None = None,
    using: Browser | None = None,
    out: Path = OUT,
) -> Path:
    """Take one picture and return its file, ``<name>-<width>[-dark].png``.

    Args:
        url: the whole address.
        name: what the file is called.
        width: of the window in CSS pixels.
        height: of the window in CSS pixels; with ``full_page`` the picture may be taller.
        dark: ask for the dark scheme.
        full_page: the whole page rather than the window.
        language: the browser's language, sent as Accept-Language.
        print_media: as it would be printed.
        forced_colors: as with the system's high-contrast colours.
        cookies: to be signed in, as Playwright takes them.
        using: a browser that is already running, to take many pictures with one.
        out: the folder.

    """
    if using is None:
        with browser() as started:
            return shoot(
                url,
                name,
                width,
                height,
                dark=dark,
                full_page=full_page,
                language=language,
                print_media=print_media,
                forced_colors=forced_colors,
                cookies=cookies,
                using=started,
                out=out,
            )
    context = using.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale=language,
        forced_colors="active" if forced_colors else "none",
        reduced_motion="reduce",
    )
    try:
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        if print_media:
            page.emulate_media(media="print")
        page.goto(url, wait_until="load")
        page.wait_for_function("() => document.readyState === 'complete'")
        out.mkdir(parents=True, exist_ok=True)
        file = out / f"{name}-{width}{'-dark' if dark else ''}.png"
        page.screenshot(path=file, full_page=full_page)
        return file
    finally:
        context.close()


def main() -> None:
    """Take pictures of the pages named, in every size and both schemes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", help="where the server answers, as http://127.0.0.1:8000")
    parser.add_argument("paths", nargs="+", help="paths such as /patterns/")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--widths", default="320,390,1280,1920")
    parser.add_argument("--light-only", action="store_true")
    parser.add_argument("--window", action="store_true", help="the window only, not the whole page")
    chosen = parser.parse_args()
    with browser() as started:
        for path in chosen.paths:
            name = path.strip("/").replace("/", "-") or "start"
            for width in map(int, chosen.widths.split(",")):
                for dark in (False,) if chosen.light_only else (False, True):
                    file = shoot(
                        chosen.site.rstrip("/") + path,
                        name,
                        width,
                        SIZES.get(width, 800),
                        dark=dark,
                        full_page=not chosen.window,
                        using=started,
                        out=chosen.out,
                    )
                    print(file)


if __name__ == "__main__":
    main()

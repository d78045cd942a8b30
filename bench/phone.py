"""What a phone needs: bytes, seconds from the QR code to the first note on a poor line, and Lighthouse's marks.

The poor line gives 400 kbit/s with 400 ms there and back, on a processor six times slower than this one.
Run: ``./sirkel bench phone [--size small]``. Lighthouse is used where it is installed
(``npm install --no-save --ignore-scripts lighthouse@12.8.2``) or where SIRKEL_LIGHTHOUSE points to it.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.e2e.screenshots import ARGUMENTS, browser, chromium

from bench._wire import PHONE, phone_site, slow_line, weighing
from bench.common import ROOT, missing_peer, options, table, write_result
from bench.servers import data_folder, migrate

LINE = {"kilobits": 400, "round_trip_ms": 400, "times_slower": 6}
SENTENCE = "Alle vaktskifter samtidig"
LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility")
MEASURES = {
    "lcp_ms": "largest-contentful-paint",
    "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift",
}


def weights(chrome: Any, site: str, room: dict[str, Any]) -> dict[str, Any]:
    """Weigh the door, the write step, and the write step again on a phone that has been here."""
    page = chrome.new_context(**PHONE, locale="nb").new_page()
    with weighing(page) as join:
        page.goto(f"{site}/b/{room['join']}", wait_until="load")
    with weighing(page) as write:
        page.click("form[data-once] button[type=submit] >> nth=0")
        page.wait_for_selector("#writer textarea")
    with weighing(page) as again:
        page.goto(f"{site}/m/{room['meeting']}/", wait_until="load")
    page.context.close()
    return {
        "join": join.figures(),
        "write": write.figures(),
        "again": again.figures(),
        "first_visit_bytes": join.total + write.total,
    }


def scan_to_sent(chrome: Any, site: str, room: dict[str, Any]) -> dict[str, float]:
    """Return the seconds from opening the QR code's address until the phone says "sent", and those before it."""
    context = chrome.new_context(**PHONE, locale="nb")
    page = context.new_page()
    slow_line(page, **LINE)
    began = time.perf_counter()
    page.goto(f"{site}/b/{room['join']}", wait_until="commit", timeout=60_000)
    page.click("form[data-once] button[type=submit] >> nth=0", timeout=60_000)
    page.wait_for_selector("#writer textarea", timeout=60_000)
    can_write = time.perf_counter() - began
    page.fill("#writer textarea", SENTENCE)
    page.click("#send")
    page.wait_for_selector(f"#own li[data-state=sent]:has-text('{SENTENCE}')", timeout=60_000)
    sent = time.perf_counter() - began
    context.close()
    return {"can_write": can_write, "sent": sent}


def _lighthouse() -> str | None:
    """Return where Lighthouse is, or None."""
    local = ROOT / "node_modules" / ".bin" / "lighthouse"
    return os.environ.get("SIRKEL_LIGHTHOUSE") or (
        str(local) if local.is_file() else shutil.which("lighthouse")
    )


def _judge(program: str, address: str, device: str | None) -> dict[str, float]:
    """Return Lighthouse's marks (0 to 100) for a mobile phone, and the measures behind them."""
    command = [
        program,
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(['--headless=new', *ARGUMENTS])}",
    ]
    if device:
        command.append(f"--extra-headers={json.dumps({'Cookie': f'device={device}'})}")
    done = subprocess.run(
        command,
        capture_output=True,
        check=True,
        timeout=300,
        env={**os.environ, "CHROME_PATH": str(chromium())},
    )
    report = json.loads(done.stdout)
    marks = {name: report["categories"][name]["score"] * 100 for name in CATEGORIES}
    return marks | {name: report["audits"][audit]["numericValue"] for name, audit in MEASURES.items()}


def lighthouse(site: str, rooms: dict[str, Any], runs: int) -> dict[str, dict[str, float]] | None:
    """Return the median of several runs for each page; None, said loudly, without Lighthouse."""
    program = _lighthouse()
    if program is None:
        missing_peer("Lighthouse", f"npm install --no-save --ignore-scripts {LIGHTHOUSE}")
        return None
    pages = {"join": (f"{site}/b/{rooms['write']['join']}", None)}
    pages |= {kind: (f"{site}/m/{room['meeting']}/", room["devices"][0]) for kind, room in rooms.items()}
    found = {}
    for name, (address, device) in pages.items():
        marks = [_judge(program, address, device) for _run in range(runs)]
        found[name] = {key: statistics.median(mark[key] for mark in marks) for key in marks[0]}
    return found


def main() -> None:
    """Measure, print a short table and write the result."""
    chosen = options("phone", __doc__)
    if chromium() is None:
        sys.stderr.write("SKIPPED: Chromium is not installed, so nothing was measured\n")
        return
    with data_folder() as environment:
        migrate(environment)
        with phone_site(environment) as (site, rooms):
            with browser() as chrome:
                figures = weights(chrome, site, rooms["write"])
                tries = [
                    scan_to_sent(chrome, site, rooms["write"]) for _try in range(3 if chosen.is_small else 7)
                ]
            marks = lighthouse(site, rooms, 1 if chosen.is_small else 3)
    for key in ("can_write", "sent"):
        seconds = [each[key] for each in tries]
        figures[f"scan_to_{key}_median_s"] = statistics.median(seconds)
        figures[f"scan_to_{key}_worst_s"] = max(seconds)
    figures["tries"], figures["line"], figures["lighthouse"] = len(tries), LINE, marks
    table(["figure", "value"], [(k, v) for k, v in figures.items() if not isinstance(v, dict)])
    for kind in ("join", "write", "again"):
        print(f"{kind}: {figures[kind]}")
    for name, mark in (marks or {}).items():
        print(f"Lighthouse, {name}: {mark}")
    peer = {"name": "Lighthouse", "version": LIGHTHOUSE.partition("@")[2]} if marks else None
    write_result("phone", Path(chosen.json), figures, peer=peer)


if __name__ == "__main__":
    main()

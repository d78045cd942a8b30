"""What a page costs over the wire, as the browser itself counts it, and a line as slow as one wants it."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.servers import free_port, run, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@dataclass
class Weight:
    """What went over the wire: bytes with heads, in the compression that was sent."""

    total: int = 0
    scripts: int = 0
    styles: int = 0
    pages: int = 0
    fonts: int = 0
    requests: int = 0

    def figures(self) -> dict[str, int]:
        """Return the figures under the names they have in a result."""
        return {
            "bytes": self.total,
            "script_bytes": self.scripts,
            "style_bytes": self.styles,
            "html_bytes": self.pages,
            "fonts": self.fonts,
            "requests": self.requests,
        }


@contextlib.contextmanager
def weighing(page: "Page") -> Iterator[Weight]:
    """Count what a page fetches while the block runs; a stream that stays open counts as a request."""
    session = page.context.new_cdp_session(page)
    weight, kinds = Weight(), {}

    def asked(event: Mapping[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            weight.requests += 1
            kinds[event["requestId"]] = event.get("type", "Other")

    def finished(event: Mapping[str, Any]) -> None:
        kind, size = kinds.get(event["requestId"]), int(event["encodedDataLength"])
        weight.total += size
        if kind == "Script":
            weight.scripts += size
        elif kind == "Stylesheet":
            weight.styles += size
        elif kind == "Document":
            weight.pages += size
        elif kind == "Font":
            weight.fonts += 1

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    yield weight
    page.wait_for_timeout(500)
    session.detach()


def slow_line(page: "Page", *, kilobits: int, round_trip_ms: int, times_slower: int) -> None:
    """Give a page a slow line, as many milliseconds there and back, and a slow processor."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": round_trip_ms,
            "downloadThroughput": kilobits * 1000 / 8,
            "uploadThroughput": kilobits * 1000 / 8,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": times_slower})


@contextlib.contextmanager
def phone_site(environment: Mapping[str, str], *, phones: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
    """Serve a migrated installation; yield its address and a room for every kind of step that is measured.

    The static files are collected and compressed, as on any server that people use.
    """
    rooms = {
        kind: json.loads(run(["bench.stage", "1", str(phones), kind], environment))[0]
        for kind in ("write", "choose")
    }
    port = free_port()
    with serving(["sirkel.config.serve", "--port", str(port)], environment, port, "/healthz"):
        yield f"http://127.0.0.1:{port}", rooms

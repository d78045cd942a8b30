"""500 slow clients (headers, bodies, reading) while phones go on, behind the shipped nginx and without it.

Eight phones open their page and write a note now and then, some forty requests a second in all, over TLS through nginx
with the configuration of deploy/nginx. Then the same while slow clients hold their connections, and both once more
straight at Sirkel, which nobody should do. Run: ``./sirkel bench slow-clients [--size small]``; the goal is
``slow_p95_ms`` of at most 500. ``ratio`` is without nginx / with nginx, both with slow clients. A request
that nobody answered counts as the ten seconds that were waited for it.
"""

import asyncio
import contextlib
import json
import re
import secrets
import ssl
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from bench._nginx import NAME, nginx, program
from bench._slow import Slow, slow_clients
from bench.common import missing_peer, options, ratio, table, write_result
from bench.rooms import percentile
from bench.servers import data_folder, free_port, migrate, run, serving

SLOW = 500
PHONES = 8
PAUSE_SECONDS = 0.2
NOTE_EACH = 6
PATIENCE_SECONDS = 10.0
_GUARD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
OK = 200


def service_environment(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment of a service that others can reach through nginx."""
    return {
        **environment,
        "SIRKEL_SECRET_KEY": secrets.token_urlsafe(48),
        "SIRKEL_SITE_URL": f"https://{NAME}",
        "SIRKEL_BEHIND_PROXY": "1",
        "SIRKEL_SMTP_HOST": "127.0.0.1",
        "SIRKEL_SMTP_PORT": "1",
    }


class Visitor:
    """A seated phone that opens its page again and again, and writes a note now and then."""

    def __init__(self, base: str, room: dict[str, Any], device: str, trust: ssl.SSLContext | None) -> None:
        self.room, self.cookie, self.guard = room, f"__Host-device={device}", ""
        self.extensions = {"sni_hostname": NAME}
        headers = {"Host": NAME, "Referer": f"https://{NAME}/", "Accept-Language": "nb"}
        if trust is None:
            headers["X-Forwarded-Proto"] = "https"
        self.client = httpx.AsyncClient(
            base_url=base, headers=headers, verify=trust or False, timeout=PATIENCE_SECONDS, trust_env=False
        )
        self.delays: list[float] = []
        self.failed = 0

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """Send one request and note how long it took; None when nobody answered in time."""
        began = time.perf_counter()
        try:
            headers = {"Cookie": self.cookie, **more.pop("headers", {})}
            answer = await self.client.request(
                method, path, headers=headers, extensions=self.extensions, **more
            )
        except httpx.TransportError:
            self.failed += 1
            return None
        finally:
            self.delays.append((time.perf_counter() - began) * 1000)
        self.failed += answer.status_code != OK
        self.client.cookies.clear()  # secure cookies would not be sent back without TLS: kept by hand
        return answer

    async def look(self) -> None:
        """Open the page as a phone does, and keep its form guard."""
        answer = await self.ask("GET", f"/m/{self.room['meeting']}/")
        if answer is not None and (found := _GUARD.search(answer.text)):
            self.guard = found[1]
            for name, value in re.findall(r"(__Host-csrf)=([^;]+)", answer.headers.get("set-cookie", "")):
                self.cookie = f"{self.cookie.partition('; ')[0]}; {name}={value}"

    async def write(self) -> None:
        """Send one note."""
        form = {
            "csrfmiddlewaretoken": self.guard,
            "client_id": str(uuid.uuid4()),
            "receipt": uuid.uuid4().hex[:16],
            "text": "Measured words",
            "lang": "nb",
        }
        path = f"/m/{self.room['meeting']}/rounds/{self.room['round']}/notes/"
        await self.ask("POST", path, data=form, headers={"Accept": "application/json"})

    async def go_on(self, seconds: float) -> None:
        """Look and write until the time is up."""
        end, turn = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            await (self.write() if self.guard and turn % NOTE_EACH == 1 else self.look())
            turn += 1
            await asyncio.sleep(PAUSE_SECONDS)
        await self.client.aclose()


@contextlib.asynccontextmanager
async def nobody() -> AsyncIterator[Slow]:
    """Stand in for the slow clients where there are none."""
    yield Slow()


async def measure(
    base: str,
    rooms: list[dict[str, Any]],
    trust: ssl.SSLContext | None,
    seconds: float,
    slow: "contextlib.AbstractAsyncContextManager[Slow]",
) -> dict[str, Any]:
    """Let the phones go on beside the slow clients; return p50 and p95 in ms, failures, and what the slow ones got."""
    async with slow as theirs:
        visitors = [
            Visitor(base, room, room["devices"].pop(), trust)
            for room in rooms
            for _ in range(PHONES // len(rooms))
        ]
        await asyncio.gather(*(visitor.go_on(seconds) for visitor in visitors))
    delays = [delay for visitor in visitors for delay in visitor.delays]
    return {
        "requests": len(delays),
        "p50_ms": percentile(delays, 0.5),
        "p95_ms": percentile(delays, 0.95),
        "failed": sum(visitor.failed for visitor in visitors),
        "held": theirs.most_held,
        "cut_off": theirs.cut_off,
    }


def main() -> None:
    """Measure, print a short table and write the result."""
    chosen = options("slow-clients", __doc__)
    seconds = 8.0 if chosen.is_small else 20.0
    names = {"": "calm", "slow_": "500 slow"}
    figures: dict[str, Any] = {"slow_clients": SLOW, "seconds": seconds}
    version = None
    with data_folder() as fresh, tempfile.TemporaryDirectory(prefix="sirkel-nginx-") as folder:
        environment = service_environment(fresh)
        migrate(environment)
        rooms = json.loads(run(["bench.stage", "2", "32"], environment))
        port = free_port()
        with serving(["sirkel.config.serve", "--port", str(port)], environment, port, "/healthz"):
            if program() is None:
                missing_peer("nginx", "apt install nginx")
            else:
                said = subprocess.run(
                    [str(program()), "-v"], capture_output=True, text=True, check=True
                ).stderr
                version = said.strip().rpartition("/")[2]
                with nginx(Path(folder), pages=port) as proxy:
                    base = f"https://127.0.0.1:{proxy.port}"
                    for key in names:
                        slow = slow_clients(SLOW, proxy.port, proxy.trust) if key else nobody()
                        found = asyncio.run(measure(base, rooms, proxy.trust, seconds, slow))
                        figures |= {f"{key}{name}": value for name, value in found.items()}
            for key in names:
                slow = slow_clients(SLOW, port, None) if key else nobody()
                found = asyncio.run(measure(f"http://127.0.0.1:{port}", rooms, None, seconds, slow))
                figures |= {f"bare_{key}{name}": value for name, value in found.items()}
    figures["ratio"] = ratio(figures.get("slow_p95_ms"), figures["bare_slow_p95_ms"], is_time=True)
    table(["figure", "value"], figures.items())
    write_result(
        "slow-clients", chosen.json, figures, peer={"name": "Sirkel without nginx", "version": version or "–"}
    )


if __name__ == "__main__":
    main()

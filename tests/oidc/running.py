"""Starting the services of this folder, and walking through a sign-in as a browser does."""

import contextlib
import html
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
from bench.servers import free_port

from sirkel.people.oidc import known, wire
from sirkel.people.rules.provider_file import read

ROOT = Path(__file__).resolve().parents[2]
SLOWEST_START_SECONDS = 30


@contextlib.contextmanager
def started(command, address, environment=None):
    """Run a service until it answers at an address, and end it afterwards."""
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + SLOWEST_START_SECONDS
        while True:
            assert child.poll() is None, "the sign-in service did not start"
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{address}/.well-known/openid-configuration")
                break
            assert time.monotonic() < deadline, "the sign-in service does not answer"
            time.sleep(0.1)
        yield address
    finally:
        child.kill()
        child.wait()


@contextlib.contextmanager
def bad_service():
    """Run the service with faults on demand; give its address."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "tests.oidc.bad", str(port)]
    with started(command, f"http://127.0.0.1:{port}") as address:
        yield address


def configure(settings, folder, text):
    """Let the settings name services as a file does, and the process know nothing of them yet."""
    file = folder / "services.toml"
    file.write_text(text)
    settings.OIDC_PROVIDERS = read(file)
    known.forget()
    wire.forget()


def way_on(page):
    """Return where a page sends the browser, by itself and by its link."""
    text = page.content.decode()
    by_itself = html.unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', text)[1])
    assert html.unescape(re.search(r'<main.*?<a href="([^"]+)"', text, re.DOTALL)[1]) == by_itself
    return by_itself

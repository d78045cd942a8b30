"""`sirkel up`: from a fresh checkout to a page that answers. Standard library only."""

import argparse
import errno
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from .install import build_assets, install
from .place import Place, Trouble, call, call_quietly, need_disk, note, say, working

DESCRIPTION = """Start Sirkel. The first time this makes .venv, installs the locked dependencies, fetches styles and icons,
creates the databases and, in an empty data folder, fills in a demo. Every later start needs no network.
Ctrl-C stops everything it started."""
START_SECONDS = 90
STOP_SECONDS = 20
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- compared, never bound unasked # nosec B104


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser("up", help="install what is missing, then serve", description=DESCRIPTION)
    parser.add_argument("--port", type=_port, default=8000, help="the port to answer on (default: 8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to answer on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument("--data", metavar="DIR", help="the folder with databases and keys (default: data/)")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="fill an empty data folder with an invented workplace and its circle, or leave it empty",
    )
    parser.add_argument(
        "--install-only",
        action="store_true",
        help="install what is missing and end: for a service that others start (see deploy/)",
    )
    parser.set_defaults(act=up)


def up(parsed: argparse.Namespace) -> int:
    """Install, prepare and serve until stopped; give the exit code."""
    place = Place.find(parsed.data)
    signal.signal(signal.SIGTERM, _stop)
    if parsed.install_only:
        return _install(place)
    _need_free(parsed.host, parsed.port)
    need_disk(place.data, 200)
    install(place, "run")
    build_assets(place)
    try:
        place.make_data()
    except OSError as error:
        raise Trouble(f"The data folder {place.data} cannot be used: {error.strerror}.") from error
    demo = "--demo" if parsed.demo else "--no-demo"
    if call([place.python, "-m", "sirkel.config.prepare", demo], place=place):
        raise Trouble("Sirkel could not get its databases ready; the reason stands above.")
    return _serve(place, parsed.host, parsed.port)


def _install(place: Place) -> int:
    """Install, and compile the languages, so that a service finds everything and need write nothing here."""
    install(place, "run")
    build_assets(place)
    if call([place.python, "-m", "sirkel.config.translations", "compile"], place=place):
        raise Trouble("The languages could not be compiled; the reason stands above.")
    say("Everything is installed. Nothing was started, and no data folder was made.")
    return 0


def _serve(place: Place, host: str, port: int) -> int:
    """Run the server as a child, say when it answers, and take it down with us."""
    address = f"http://{_bracketed(host)}:{port}/"
    reachable = f"http://{_bracketed(_own_address() if host in EVERYWHERE else host)}:{port}"
    os.environ.setdefault("SIRKEL_SITE_URL", reachable)
    env = place.environment()
    command = [
        str(place.python),
        "-m",
        "sirkel.config.serve",
        "--host",
        host,
        "--port",
        str(port),
        "--with-parent",
    ]
    with subprocess.Popen(
        command, cwd=place.root, env=env, stdin=subprocess.PIPE, start_new_session=True
    ) as server:
        try:
            _wait_until_it_answers(server, host, port)
            say(f"Sirkel is running at {address}")
            if host in EVERYWHERE:
                say(f"  other machines {os.environ['SIRKEL_SITE_URL']}/")
            _say_demo_links(place)
            code = server.wait()
        except KeyboardInterrupt:
            note("\nStopping.")
            return 0
        finally:
            _end(server)
    if code:
        raise Trouble(f"The server ended by itself with code {code}; the reason stands above.")
    return 0


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", host: str, port: int) -> None:
    probe = urllib.request.Request(
        f"http://{_bracketed(EVERYWHERE.get(host, host))}:{port}/healthz",
        headers={
            "Host": urlsplit(os.environ["SIRKEL_SITE_URL"]).netloc
        },  # a name that is sure to be answered
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with working("Starting"):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if server.poll() is not None:
                raise Trouble("The server did not start; the reason stands above.")
            try:
                with opener.open(probe, timeout=5):
                    return
            except urllib.error.HTTPError as error:
                if error.code == 503:  # noqa: PLR2004 -- it answers, and says what is wrong
                    note(f"A health check fails: {error.read().decode(errors='replace')}")
                    return
                raise Trouble(f"The server answers, but its health page gives {error.code}.") from error
            except OSError:
                time.sleep(0.1)
    raise Trouble(f"The server did not answer within {START_SECONDS} seconds.")


def _say_demo_links(place: Place) -> None:
    """Print the demo's sign-in links, or the set-up code of an empty installation; otherwise there is nothing to say."""
    code, output = call_quietly([place.python, "-m", "sirkel.config.prepare", "--links"], place=place)
    if code:
        note(f"The demo's links could not be read: {output.strip()}")
    elif output.strip():
        say(output.rstrip())


def _end(server: "subprocess.Popen[bytes]") -> None:
    """Ask the server to stop, then insist."""
    if server.stdin:
        server.stdin.close()
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Let SIGTERM take the same way out as Ctrl-C, once."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _need_free(host: str, port: int) -> None:
    """Refuse early when the port cannot be had, before anything long begins."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            hint = f"./sirkel up --port {port + 1 if port < 65535 else 8001}"  # noqa: PLR2004 -- the last port there is
            raise Trouble(f"Port {port} is in use. Choose another: {hint}") from error
        if error.errno == errno.EACCES:
            raise Trouble(f"Port {port} may not be used by this user. Choose one above 1023.") from error
        raise Trouble(f"The address {host} is not one of this machine's.") from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _own_address() -> str:
    """Give the address by which other machines of the same network reach this one; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for documents: it only chooses the way out
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 -- the range of ports
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 1 and 65535")
    return int(text)

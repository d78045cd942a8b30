"""One process that answers everything: live streams under ASGI, pages through a thread pool under WSGI.

Run as ``python -m sirkel.config.serve``. The task worker is a child of this process and ends with it.
"""

import argparse
import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, cast

import uvicorn
from a2wsgi import WSGIMiddleware

GRACE_SECONDS = 3
WORKER_SECONDS = 10
RESTART_SECONDS = 1
# How long one thread may keep the interpreter from the others: a page at work must not hold up a room's screens.
SWITCH_SECONDS = 0.0005
# A page makes some ten thousand objects and few rings of them: looked for after every seven hundred, as Python does by
# itself, they cost a fifth of a server's time. What waits meanwhile is a few megabytes.
GARBAGE = (20_000, 10, 50)


def main() -> int:
    """Serve until told to stop; give the exit code."""
    parser = argparse.ArgumentParser(prog="sirkel.config.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when standard input is closed: the parent is gone"
    )
    parser.add_argument(
        "--part",
        choices=["all", "live"],
        default="all",
        help="live: streams alone, where another process answers the pages",
    )
    parser.add_argument(
        "--without-worker", action="store_true", help="tasks are run by a process of their own: run_worker"
    )
    options = parser.parse_args()
    if not os.environ.get("SIRKEL_SECRET_KEY") and not os.environ.get("SIRKEL_SECRET_KEY_FILE"):
        sys.stderr.write(
            "Set SIRKEL_SECRET_KEY_FILE: without a lasting key every restart would sign everybody out.\n"
        )
        return 1
    os.environ.setdefault("SIRKEL_STATIC_COLLECTED", "1")
    app = build_live() if options.part == "live" else build()
    if reasons := refusals():
        sys.stderr.write("".join(f"Not started. {reason}\n" for reason in reasons))
        return 1
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        log_config=None,  # its own would write a fault of a stream out whole, with the values in it
        access_log=False,  # an access log would tie an address to a note
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,  # a live stream never ends by itself
    )
    signal.signal(
        signal.SIGTERM, _leave
    )  # uvicorn raises the signal again when it has closed: then the worker is ended
    if options.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what start-up made stays: looking through it again and again would hold every phone up
    gc.set_threshold(*GARBAGE)
    with contextlib.nullcontext() if options.without_worker or options.part == "live" else TaskWorker():
        try:
            uvicorn.Server(config).run()
        except KeyboardInterrupt:
            return 0
    return 0


def build() -> Callable[..., Any]:
    """Join the two callables: ``/live/`` and the lifespan go to ASGI, everything else to Django under WSGI."""
    from django.conf import settings  # noqa: PLC0415 -- the settings module is chosen by the environment

    from sirkel.config.bodies import is_too_large, turn_away  # noqa: PLC0415 -- as above
    from sirkel.config.live import app as live  # noqa: PLC0415 -- sets Django up
    from sirkel.config.pages import application  # noqa: PLC0415 -- as above

    pages = WSGIMiddleware(cast("Any", application), workers=settings.PAGE_THREADS)

    async def everything(scope: Any, receive: Any, send: Any) -> None:
        is_live = scope["type"] == "lifespan" or (
            scope["type"] == "http" and scope["path"].startswith("/live/")
        )
        if scope["type"] == "http" and not is_live and is_too_large(scope):
            await turn_away(pages, scope, receive, send)
        else:
            await (live if is_live else pages)(scope, receive, send)

    return everything


def build_live() -> Callable[..., Any]:
    """Give the streams alone."""
    from sirkel.config.live import app  # noqa: PLC0415 -- sets Django up

    return app


def refusals() -> list[str]:
    """Say why a copy that others can reach must not start; Django is set up by now."""
    from sirkel.config import production  # noqa: PLC0415 -- as above

    return production.refusals()


class TaskWorker:
    """The task worker as a child: started again when it ends by itself, ended with the server."""

    def __init__(self) -> None:
        self._ends = threading.Event()
        self._starting = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> None:
        self._keeper.start()

    def __exit__(self, *_: object) -> None:
        """End the worker. A second signal must not cut this short: the worker would be left behind."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with self._starting:  # from here on no worker is started any more
            self._ends.set()
        if self._child and self._child.poll() is None:
            self._child.terminate()
        self._keeper.join(WORKER_SECONDS)
        if self._child and self._child.poll() is None:
            self._child.kill()

    def _start(self) -> "subprocess.Popen[bytes] | None":
        with self._starting:
            if self._ends.is_set():
                return None
            command = [sys.executable, "-m", "django", "run_worker", "--parent", str(os.getpid())]
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 -- our own words
            return self._child

    def _keep(self) -> None:
        while child := self._start():
            code = child.wait()
            if not self._ends.wait(RESTART_SECONDS):
                sys.stderr.write(f"The task worker ended with code {code} and is started again.\n")


def _leave(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _end_with_parent() -> None:
    """Wait for the end of standard input, which the parent holds open, and stop as on SIGTERM."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

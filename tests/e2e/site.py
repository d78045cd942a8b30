"""The whole site in a thread of the test: pages, streams and the test's own databases behind one real port."""

import contextlib
import os
import threading
import time

import uvicorn
from bench.servers import free_port
from django.db import connections

from sirkel.config.serve import build
from sirkel.kernel.live import stream
from sirkel.kernel.live.stream import Frames


@contextlib.contextmanager
def running_site(port=None):
    """Yield the address of a server that shares clock, settings and databases with the test; on a free port or this one."""
    # Playwright keeps a loop in this thread; the test's own queries run beside it and block nobody.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    stream.frames = Frames()
    port = port or free_port()
    config = uvicorn.Config(
        build(), host="127.0.0.1", port=port, log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not start")
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        stream.frames.close()
        connections.close_all()

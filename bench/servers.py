"""Starting the servers that are measured, on loopback ports of their own, and ending them again."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREPARED = ROOT / "build" / "prepared"
# All that tables and static files are made from.
MAKE_IT = (
    "src/sirkel/*/migrations/*.py",
    "src/sirkel/kernel/*.py",
    "src/sirkel/config/settings.py",
    "src/sirkel/config/prepare.py",
    "src/sirkel/config/static.py",
    "src/sirkel/web/bundles.py",
    "src/sirkel/*/static/**/*",
    "requirements/dev.lock",
)
START_SECONDS = 40


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A started server: where it answers and which process it is."""

    port: int
    process: subprocess.Popen[bytes]

    def rss_mb(self) -> float:
        """Return the resident memory of the process itself, in megabytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


@contextlib.contextmanager
def data_folder() -> Iterator[dict[str, str]]:
    """Yield the environment of a fresh installation in a temporary folder, with SQLite files in it."""
    with tempfile.TemporaryDirectory(prefix="sirkel-bench-") as folder:
        yield {
            **{name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")},
            "SIRKEL_DATA": folder,
            "SIRKEL_SECRET_KEY": "measured-" + "x" * 50,
            "DJANGO_SETTINGS_MODULE": "sirkel.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a Python module to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=dict(environment),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    return done.stdout.decode()


def migrate(environment: Mapping[str, str]) -> None:
    """Create the tables in all three databases and collect the static files; SQLite files are a copy of ``prepared``."""
    folder = Path(environment["SIRKEL_DATA"])
    if any(name.endswith("DATABASE_URL") for name in environment) or any(folder.iterdir()):
        run(["sirkel.config.prepare", "--no-demo"], environment)
    else:
        shutil.copytree(prepared(), folder, dirs_exist_ok=True)


def prepared() -> Path:
    """Return an installation without anybody in it, made once for each state of ``MAKE_IT``. To be copied, never used."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in MAKE_IT for file in ROOT.glob(pattern) if file.is_file()):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    target = PREPARED / digest.hexdigest()[:32]
    PREPARED.mkdir(parents=True, exist_ok=True)
    with (PREPARED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            for old in PREPARED.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            with data_folder() as environment:
                run(["sirkel.config.prepare", "--no-demo"], environment)
                shutil.copytree(environment["SIRKEL_DATA"], PREPARED / "new")
            (PREPARED / "new").rename(target)
    return target


@contextlib.contextmanager
def serving(
    arguments: Sequence[str], environment: Mapping[str, str], port: int, probe: str
) -> Iterator[Running]:
    """Run a server until the block ends; wait until ``probe`` answers at all."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], env=dict(environment), cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{probe}", timeout=2).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield Running(port=port, process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

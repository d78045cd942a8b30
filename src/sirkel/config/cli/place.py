"""Where this copy of Sirkel stands, and how to say things about it: standard library only."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class Trouble(Exception):  # noqa: N818 -- it is what the reader sees, not an error of the program
    """Say one plain line and leave.

    `code` is 1 when the work failed and 2 when the command was used wrongly.
    """

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Place:
    """One copy of Sirkel on this machine: a checkout with its own `.venv`, or an installed package.

    `data` is the folder with databases and keys; it need not exist yet. `python` is the interpreter that runs Sirkel
    itself, as opposed to this command. `is_installing` tells whether this command looks after what is installed: not
    in a package, and not where SIRKEL_VENV names an environment that somebody else made.
    """

    root: Path
    data: Path
    python: Path
    is_checkout: bool
    is_installing: bool

    @classmethod
    def find(cls, data: str | None = None) -> "Place":
        """Find the copy this file belongs to; `data` falls back to SIRKEL_DATA, then to `data/`."""
        root = Path(__file__).resolve().parents[4]
        is_checkout = (root / "sirkel").is_file() and (root / "requirements" / "run.lock").is_file()
        if not is_checkout:
            root = Path.cwd()
        folder = data or os.environ.get("SIRKEL_DATA") or str(root / "data")
        made_elsewhere = os.environ.get("SIRKEL_VENV")
        venv = Path(made_elsewhere).expanduser().absolute() if made_elsewhere else root / ".venv"
        return cls(
            root=root,
            data=Path(folder).expanduser().resolve(),
            python=venv / "bin" / "python" if is_checkout else Path(sys.executable),
            is_checkout=is_checkout,
            is_installing=is_checkout and not made_elsewhere,
        )

    @property
    def venv(self) -> Path:
        """The environment that the interpreter belongs to."""
        return self.python.parent.parent

    def tool(self, name: str) -> str:
        """Give the path of a console script installed beside the interpreter."""
        return str(self.python.parent / name)

    @property
    def key_file(self) -> Path:
        """The file that holds the signing key."""
        return self.data / "secret_key"

    @property
    def log_key_file(self) -> Path:
        """The file that holds the key of the private logs."""
        return self.data / "private_log_key"

    @property
    def has_demo(self) -> bool:
        """Tell whether this data folder was filled with the demo, as `config.prepare` noted it."""
        try:
            return bool(json.loads((self.data / "started.json").read_text())["demo"])
        except (OSError, ValueError, KeyError):
            return False

    def make_data(self) -> None:
        """Make the data folder and, once, its two keys; all for the owner's eyes only."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (self.key_file, self.log_key_file):
            if not path.exists():
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    file.write(secrets.token_urlsafe(48) + "\n")

    def environment(self, **more: str) -> dict[str, str]:
        """Give the environment for a child: this code first on the path, data folder and signing key by name."""
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "sirkel.config.settings",
            "SIRKEL_DATA": str(self.data),
            **more,
        }
        if not env.get("SIRKEL_SECRET_KEY") and self.key_file.exists():
            env.setdefault("SIRKEL_SECRET_KEY_FILE", str(self.key_file))
        if not env.get("SIRKEL_PRIVATE_LOG_KEY") and self.log_key_file.exists():
            env.setdefault("SIRKEL_PRIVATE_LOG_KEY_FILE", str(self.log_key_file))
        if self.has_demo:
            env.setdefault("SIRKEL_DEMO", "1")
        if self.is_checkout:
            env["PYTHONPATH"] = os.pathsep.join([str(self.root / "src"), str(self.root)])
            env["PATH"] = os.pathsep.join([str(self.python.parent), env.get("PATH", os.defpath)])
        return env

    def need_checkout(self, verb: str) -> None:
        """Refuse a verb that only makes sense beside the source."""
        if not self.is_checkout:
            raise Trouble(f"`{verb}` works in a checkout of the source, not in an installed package.", code=2)


def say(text: str = "") -> None:
    """Print to standard output at once, also when it is a file or a pipe."""
    print(text, flush=True)  # noqa: T201 -- this is a command: it speaks on standard output


def note(text: str) -> None:
    """Print to standard error: progress and warnings, never results."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 -- see `say`


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show on standard error that something long is going on, with the seconds when it is a terminal."""
    if not sys.stderr.isatty():
        note(f"{text} …")
        yield
        return
    done = threading.Event()
    started = time.monotonic()

    def tick() -> None:
        while not done.wait(0.5):
            sys.stderr.write(f"\r{text} … {time.monotonic() - started:.0f} s ")
            sys.stderr.flush()

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        sys.stderr.write(f"\r{text} … {time.monotonic() - started:.0f} s\n")


def call(command: Sequence[str | Path], *, place: Place, cwd: Path | None = None) -> int:
    """Run a child in the foreground with our own input and output; give its exit code.

    Ctrl-C reaches the child too, so it is left to end by itself first; SIGTERM is handed on.
    """
    child = subprocess.Popen([str(part) for part in command], cwd=cwd or place.root, env=place.environment())
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        code = child.wait()
    except KeyboardInterrupt:
        child.wait()
        raise
    else:
        return 128 - code if code < 0 else code
    finally:
        signal.signal(signal.SIGTERM, before)


def call_quietly(command: Sequence[str | Path], *, place: Place) -> tuple[int, str]:
    """Run a child and give its exit code and everything it said, standard output and error together."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=place.root,
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout


def need_disk(folder: Path, megabytes: int) -> None:
    """Refuse when the disk that holds `folder` has less room than asked for."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(existing).free // 1_000_000
    if free < megabytes:
        raise Trouble(
            f"Not enough room on the disk: {megabytes} MB are needed at {existing}, {free} MB are free."
        )

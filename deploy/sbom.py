"""Write what Sirkel is made of as a CycloneDX 1.6 file, from the locks alone: ``python deploy/sbom.py [FILE]``.

Packages of Python come from requirements/run.lock with the hashes they are installed by and with who needs whom; the
styles and icons that are built into the pages come from package-lock.json. Nothing is fetched and nothing of this
machine is written: the same locks give the same file. Needs the developer's packages.
"""

import argparse
import base64
import json
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT / "build" / "sbom.cdx.json"
_PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+) \\$")
_NEEDED_BY = re.compile(r"^    # (?:via )? *(\S.*)$")


def python_packages(lock: str) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yield name, version, sha256 hashes and the names of those who need it, for each package of a lock."""
    name, version, hashes, parents = "", "", list[str](), list[str]()
    for line in lock.splitlines():
        if pinned := _PINNED.match(line):
            if name:
                yield name, version, hashes, parents
            name, version, hashes, parents = pinned[1], pinned[2], [], []
        elif found := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            hashes.append(found[1])
        elif name and (needed := _NEEDED_BY.match(line)) and needed[1] != "via":
            parents.append("" if needed[1].startswith(("-r ", "-c ")) else needed[1])
    if name:
        yield name, version, hashes, parents


def node_packages(lock: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, version, sha512 in hexadecimal (or nothing) and licence of what is built into the pages."""
    for place, entry in json.loads(lock)["packages"].items():
        if place and not entry.get("dev") and not entry.get("link"):
            _algorithm, _dash, digest = entry.get("integrity", "").partition("sha512-")
            name = entry.get("name") or place.rpartition("node_modules/")[2]
            yield name, entry["version"], base64.b64decode(digest).hex(), entry.get("license", "")


def made_of(root: Path = ROOT) -> Bom:
    """Put the bill together from the locks under a checkout."""
    version = re.search(
        r'__version__ = "([^"]+)"', (root / "src/sirkel/__init__.py").read_text(encoding="utf-8")
    )
    sirkel = Component(
        name="sirkel",
        version=version[1] if version else None,
        type=ComponentType.APPLICATION,
        bom_ref="sirkel",
        licenses=[LicenseExpression("EUPL-1.2")],
    )
    lock = (root / "requirements/run.lock").read_text(encoding="utf-8")
    node_lock = (root / "package-lock.json").read_text(encoding="utf-8")
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_OID, lock + node_lock))
    bom.metadata.component = sirkel
    known, needs = {"": sirkel}, dict[str, list[str]]()
    for name, its_version, hashes, parents in python_packages(lock):
        url = PackageURL("pypi", None, name, its_version)
        known[name] = Component(
            name=name,
            version=its_version,
            purl=url,
            bom_ref=str(url),
            scope=ComponentScope.REQUIRED,
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in hashes],
        )
        bom.components.add(known[name])
        needs[name] = parents
    for parent, component in known.items():
        bom.register_dependency(
            component, [known[name] for name, parents in needs.items() if parent in parents]
        )
    styles = list[Component]()
    for name, its_version, digest, licence in node_packages(node_lock):
        group, _slash, short = name.rpartition("/")
        url = PackageURL("npm", group or None, short, its_version)
        styles.append(
            Component(
                name=short,
                group=group or None,
                version=its_version,
                purl=url,
                bom_ref=str(url),
                scope=ComponentScope.OPTIONAL,  # builds the styles; only what it wrote is served
                hashes=[HashType(alg=HashAlgorithm.SHA_512, content=digest)] if digest else [],
                licenses=[LicenseExpression(licence)] if licence else [],
            )
        )
    bom.components.update(styles)
    bom.register_dependency(sirkel, styles)
    return bom


def main() -> int:
    """Write the file; give the exit code."""
    parser = argparse.ArgumentParser(prog="deploy/sbom.py", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    target: Path = parser.parse_args().file
    bom = made_of()
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    written.get("metadata", {}).pop("timestamp", None)  # when it was written says nothing of what is in it
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(bom.components)} components written to {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

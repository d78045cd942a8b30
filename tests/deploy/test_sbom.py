"""SEC-28: the bill of materials is valid, whole, and says nothing that the locks do not."""

import json
import re
import subprocess
import sys

import pytest
from bench.servers import ROOT
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    target = tmp_path_factory.mktemp("sbom") / "new" / "sbom.cdx.json"
    command = [sys.executable, str(ROOT / "deploy/sbom.py"), str(target)]
    subprocess.run(command, check=True, capture_output=True)
    first = target.read_text()
    subprocess.run(command, check=True, capture_output=True)
    assert target.read_text() == first  # the same locks give the same file
    return first


def test_it_keeps_to_cyclonedx(written):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    broken = written.replace('"bomFormat": "CycloneDX"', '"bomFormat": "Other"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


@pytest.mark.requirement("SEC-28")
@pytest.mark.threat(row="T24")
def test_every_package_that_is_installed_stands_in_it_with_its_version_and_hashes(written):
    lock = (ROOT / "requirements/run.lock").read_text()
    pinned = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock, re.MULTILINE))
    found = {
        part["name"]: part
        for part in json.loads(written)["components"]
        if part["purl"].startswith("pkg:pypi/")
    }
    assert {name: part["version"] for name, part in found.items()} == pinned
    hashes = {each["content"] for part in found.values() for each in part["hashes"]}
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", lock))


def test_what_is_built_into_the_pages_stands_in_it_and_what_only_tests_need_does_not(written):
    names = {part["purl"] for part in json.loads(written)["components"]}
    wanted = json.loads((ROOT / "package.json").read_text())
    for name, version in wanted["dependencies"].items():
        assert f"pkg:npm/{name.replace('@', '%40')}@{version}" in names
    assert not any("axe-core" in name or "pytest" in name for name in names)


def test_it_says_who_needs_whom(written):
    needs = {
        each["ref"].partition("@")[0]: each.get("dependsOn", [])
        for each in json.loads(written)["dependencies"]
    }
    assert any(name.startswith("pkg:pypi/django@") for name in needs["sirkel"])
    assert any(name.startswith("pkg:pypi/asgiref@") for name in needs["pkg:pypi/django"])
    assert not any(name.startswith("pkg:pypi/asgiref@") for name in needs["sirkel"])

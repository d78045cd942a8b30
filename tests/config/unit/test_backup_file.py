"""The file of a backup from inside: SEC-30, every byte counts."""

import io
import json
import tarfile

import pytest

from sirkel.config.backup import archive, envelope
from sirkel.config.backup.manifest import ALIASES, Manifest
from sirkel.config.cli.place import Trouble

KEY = b"k" * 32
CONTENT = {
    "default.sqlite3": b"practice" * 3000,
    "research.sqlite3": b"",
    "vault.sqlite3": b"v",
    "media/a/b.txt": b"x" * 70_000,
}


@pytest.fixture
def files(tmp_path):
    paths = {}
    for name, content in CONTENT.items():
        paths[name] = tmp_path / "from" / name
        paths[name].parent.mkdir(parents=True, exist_ok=True)
        paths[name].write_bytes(content)
    return paths


def manifest_of(files, **changed):
    parts = tuple(archive.part_of(name, path) for name, path in files.items())
    words = {
        "version": "0.1.0",
        "made_at": "2026-03-02T12:00:00+00:00",
        "engines": dict.fromkeys(ALIASES, "sqlite"),
        "rows": {alias: {"table": 1} for alias in ALIASES},
        "heads": {},
        "left_out": {},
        "parts": parts,
    }
    return Manifest(**{**words, **changed})


def tar_of(files):
    out = io.BytesIO()
    archive.write(out, manifest_of(files), files)
    return out.getvalue()


def into(tmp_path):
    folder = tmp_path / "to"
    folder.mkdir(exist_ok=True)
    return folder


def test_what_is_written_is_read(files, tmp_path):
    found = archive.read(io.BytesIO(tar_of(files)), into(tmp_path))
    assert found == manifest_of(files)
    assert {name: (tmp_path / "to" / name).read_bytes() for name in CONTENT} == CONTENT


@pytest.mark.parametrize("name", [name for name, content in CONTENT.items() if content])
def test_one_changed_byte_in_a_part_is_named(name, files, tmp_path):
    whole = bytearray(tar_of(files))
    whole[whole.rindex(CONTENT[name])] ^= 1
    with pytest.raises(Trouble, match=f"^{name} was changed") as caught:
        archive.read(io.BytesIO(whole), into(tmp_path))
    assert caught.value.code == 2


@pytest.mark.requirement("SEC-14")
@pytest.mark.parametrize(
    "name",
    [
        "../out",
        "/etc/x",
        "a/../../out",
        ".hidden",
        "a//b",
        "a\\..\\b",
        "manifest.json",
        "",
        "a/",
        "media/.x",
        "a\nb",
        "a\0b",
    ],
)
def test_a_part_with_an_odd_path_is_refused_before_anything_is_written(name, files, tmp_path):
    page = json.loads(manifest_of(files).to_json())
    page["parts"][0]["name"] = name
    with pytest.raises(Trouble, match="odd name"):
        Manifest.from_json(json.dumps(page).encode())


@pytest.mark.parametrize(
    ("kind", "link"),
    [(tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "manifest.json"), (tarfile.DIRTYPE, "")],
)
def test_a_part_that_is_no_file_is_refused(kind, link, files, tmp_path):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w|") as tar:
        page = manifest_of(files).to_json()
        first = tarfile.TarInfo("manifest.json")
        first.size = len(page)
        tar.addfile(first, io.BytesIO(page))
        odd = tarfile.TarInfo("default.sqlite3")
        odd.type, odd.linkname = kind, link
        tar.addfile(odd)
    out.seek(0)
    with pytest.raises(Trouble, match="not in the backup as its first page says"):
        archive.read(out, into(tmp_path))
    assert list(into(tmp_path).iterdir()) == []


def test_more_than_the_first_page_says_is_refused(files, tmp_path):
    whole = io.BytesIO()
    extra = tmp_path / "extra"
    extra.write_bytes(b"more")
    told = manifest_of(files)
    with tarfile.open(fileobj=whole, mode="w|") as tar:
        for name, content in [("manifest.json", told.to_json()), *CONTENT.items(), ("extra", b"more")]:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    whole.seek(0)
    with pytest.raises(Trouble, match="more than its first page says"):
        archive.read(whole, into(tmp_path))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"format": 1}', b"null"])
def test_what_is_no_first_page_is_refused(data):
    with pytest.raises(Trouble, match="not a backup"):
        Manifest.from_json(data)


def test_another_format_is_refused_by_its_number():
    with pytest.raises(Trouble, match="format 2"):
        Manifest.from_json(b'{"format": 2}')


def test_a_file_that_grows_while_it_is_copied_makes_no_backup(files):
    told = manifest_of(files)
    files["default.sqlite3"].write_bytes(b"PRACTICE" * 3000)
    with pytest.raises(Trouble, match="changed while it was being copied"):
        archive.write(io.BytesIO(), told, files)


def sealed(content, path, way):
    with path.open("wb") as file, envelope.closing_with(way, file) as sink:
        for start in range(0, len(content), 10_000):
            sink.write(content[start : start + 10_000])
    return path.read_bytes()


def opened(path, key):
    with envelope.opening(path, key) as spring:
        return b"".join(iter(lambda: spring.read(5_000), b""))


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(KEY)
    return path


@pytest.mark.parametrize(
    "size", [0, 1, envelope.CHUNK - 1, envelope.CHUNK, envelope.CHUNK + 1, 3 * envelope.CHUNK]
)
@pytest.mark.parametrize("way", [envelope.Way(), envelope.Way(key=KEY)], ids=["open", "key"])
def test_every_length_comes_back(size, way, key_file, tmp_path):
    content = bytes(index % 251 for index in range(size))
    sealed(content, tmp_path / "file", way)
    assert opened(tmp_path / "file", key_file) == content


@pytest.mark.requirement("SEC-30")
@pytest.mark.parametrize("way", [envelope.Way(), envelope.Way(key=KEY)], ids=["open", "key"])
def test_every_changed_byte_of_a_small_file_is_noticed(way, key_file, tmp_path):
    path = tmp_path / "file"
    whole = sealed(b"a small backup", path, way)
    for place in range(len(whole)):
        bad = bytearray(whole)
        bad[place] ^= 4
        path.write_bytes(bad)
        with pytest.raises(Trouble) as caught:
            opened(path, key_file)
        assert caught.value.code == 2


def test_chunks_that_are_swapped_doubled_dropped_or_cut_off_are_noticed(key_file, tmp_path):
    path = tmp_path / "file"
    whole = sealed(bytes(3 * envelope.CHUNK + 5), path, envelope.Way(key=KEY))
    step, head = envelope.CHUNK + 16, len(envelope.KEYED) + 32
    chunks = [whole[start : start + step] for start in range(head, len(whole), step)]
    assert len(chunks) == 4
    one, two, three, last = chunks
    for wrong in (
        [two, one, three, last],
        [one, one, two, three, last],
        [one, three, last],
        [one, two, three],
        [one, two, three, last, last],
        [],
    ):
        path.write_bytes(whole[:head] + b"".join(wrong))
        with pytest.raises(Trouble):
            opened(path, key_file)


def test_the_same_content_sealed_twice_looks_different(tmp_path):
    way = envelope.Way(key=KEY)
    assert sealed(b"same", tmp_path / "one", way)[-20:] != sealed(b"same", tmp_path / "two", way)[-20:]

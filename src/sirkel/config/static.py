"""Static files as a server sends them: named by their content, compressed, kept by the browser for a year."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

from sirkel.web.bundles import BUNDLES, SCRIPTS, one_module


class Collected(CompressedManifestStaticFilesStorage):
    """Name each file by its content, also where one of our own scripts imports another.

    Django's pattern for imports reads every package's scripts, comments and all, and stumbles over them.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*.js",
            (
                (r"""(?P<matched>\bfrom\s*["'](?P<url>\.{1,2}/[^"']+)["'])""", 'from "%(url)s"'),
                (r"""(?P<matched>\bimport\s*["'](?P<url>\.{1,2}/[^"']+)["'])""", 'import "%(url)s"'),
                (r"""(?P<matched>\bimport\(\s*["'](?P<url>\.{1,2}/[^"']+)["']\s*\))""", 'import("%(url)s")'),
            ),
        ),
    )

    def __init__(self) -> None:
        # Beside the folder that is served: a list of all that lies there is for nobody.
        beside = FileSystemStorage(location=settings.DATA_DIR, file_permissions_mode=0o600)
        super().__init__(manifest_storage=beside)

    def post_process(
        self, paths: dict[str, Any], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Write the bundles beside their parts, then treat them as any other file."""
        for bundle, parts in {**BUNDLES, **SCRIPTS}.items():
            if not all(part in paths for part in parts):
                continue
            texts = {}
            for part, (storage, path) in ((part, paths[part]) for part in parts):
                with storage.open(path) as file:
                    texts[Path(part).stem] = file.read().decode()
            whole = one_module(texts) if bundle in SCRIPTS else "\n".join(texts.values())
            target = Path(self.path(bundle))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(whole, encoding="utf-8")
            paths[bundle] = (self, bundle)
        yield from super().post_process(paths, *args, **options)


def collect() -> bool:
    """Collect the static files when one of them changed since last time; tell whether that was so."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            with storage.open(name) as file:
                digest.update(name.encode() + b"\0" + file.read() + b"\0")
    stamp = settings.DATA_DIR / "static.stamp"
    is_current = (
        stamp.is_file()
        and stamp.read_text() == digest.hexdigest()
        and settings.STATIC_ROOT.is_dir()
        and (settings.DATA_DIR / Collected.manifest_name).is_file()
    )
    if not is_current:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest.hexdigest())
    return not is_current

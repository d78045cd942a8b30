"""The icons: our own names for Aksel's drawings, read once from what the asset build wrote."""

import json
from functools import lru_cache
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "vendor" / "icons.json"


@lru_cache(maxsize=1)
def drawings() -> dict[str, list[str]]:
    """Return the SVG paths of every icon by our own name; empty before the assets are built.

    An icon never stands alone on a page, so a page without them lacks decoration and nothing else.
    """
    if not BUILT.exists():
        return {}
    loaded: dict[str, list[str]] = json.loads(BUILT.read_text(encoding="utf-8"))
    return loaded


def paths(name: str) -> list[str]:
    """Return the paths of one icon on a 24 × 24 field.

    Raises:
        KeyError: when the assets are built and hold no such icon: a misspelt name must not pass.

    """
    known = drawings()
    return known[name] if known else []

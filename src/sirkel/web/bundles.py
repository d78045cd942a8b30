"""Files that travel together: one file from a server, the parts themselves while we work on them.

A phone on a slow line waits for every file in turn; the style sheets and scripts its pages need
become one each when static files are collected. Nothing else is bundled.
"""

import re
from collections.abc import Mapping

from django.conf import settings

PHONE = "vendor/phone.css"
BUNDLES = {PHONE: ("vendor/designsystemet.css", "css/base.css", "css/hand.css", "css/hand_steps.css")}

PHONE_SCRIPT = "vendor/phone.js"
# In the order in which they need each other; the last imports the others while we work.
SCRIPTS = {
    PHONE_SCRIPT: (
        "js/live_room.js",
        "js/counter.js",
        "js/national_id.js",
        "js/note_store.js",
        "js/note_sender.js",
        "js/note_held.js",
        "js/note_outbox.js",
        "js/hand_voice.js",
        "js/idle.js",
        "js/hand.js",
    )
}

_IMPORT = re.compile(r"^import (?:\{ ([^}]+) \} from )?['\"]\./(\w+)\.js['\"];$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


def sheets(bundle: str) -> tuple[str, ...]:
    """Return the names of the style sheets to link for a bundle, in order."""
    return (bundle,) if settings.STATIC_COLLECTED else BUNDLES[bundle]


def scripts(bundle: str) -> tuple[str, ...]:
    """Return the names of the modules to load for a bundle: itself, or the part that imports the others."""
    return (bundle,) if settings.STATIC_COLLECTED else SCRIPTS[bundle][-1:]


def one_module(parts: Mapping[str, str]) -> str:
    """Return one module that does what the parts did, each in a scope of its own.

    Args:
        parts: name without folder and suffix to text, in the order in which they need each other. They import
            by name from each other, on one line, and export functions, constants and classes where they stand.

    Raises:
        ValueError: a part imports what does not stand before it.

    """
    written = ["const modules = {};"]
    for name, text in parts.items():
        needed = {match[2] for match in _IMPORT.finditer(text)}
        if missing := needed - set(list(parts)[: list(parts).index(name)]):
            raise ValueError(f"{name} imports {', '.join(sorted(missing))}, which does not stand before it")
        names = ", ".join(match[1] for match in _EXPORT.finditer(text))
        body = _EXPORT.sub("", _IMPORT.sub(lambda match: _taken(match[1], match[2]), text))
        written.append(f"modules.{name} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();")
    return "\n".join(written) + "\n"


def _taken(names: str | None, module: str) -> str:
    return f"const {{ {names} }} = modules.{module};" if names else ""

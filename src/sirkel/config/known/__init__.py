"""Every setting, said once: the page in the browser and the table in the handbook are both written from here."""

from sirkel.config.known.running import RUNNING
from sirkel.config.known.serving import SERVING
from sirkel.config.known.setting import Group, Kind, Setting

SETTINGS: tuple[Setting, ...] = (*SERVING, *RUNNING)

__all__ = ["SETTINGS", "Group", "Kind", "Setting"]

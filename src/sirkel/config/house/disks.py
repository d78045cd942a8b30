"""The lines on disks and backups."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from sirkel.config.backup import remembered
from sirkel.config.house.lines import Line, State, not_in_a_demo

FULL_PERCENT = 80
OVERFULL_PERCENT = 95
OLD_BACKUP = timedelta(hours=36)
VERY_OLD_BACKUP = timedelta(days=7)
DRILL_EVERY = timedelta(days=100)


def data_space(_at: datetime) -> Line:
    """Say how full the disk of the data folder is."""
    return space(
        "data-space",
        _("Disk of the data folder"),
        Path(settings.DATA_DIR),
        _("A full disk stops everything. Ask whoever runs the server for more room."),
    )


def backup_space(_at: datetime) -> Line | None:
    """Say how full the disk of the last backup is; nothing where none is known."""
    made = remembered.last_made(Path(settings.DATA_DIR))
    if made is None:
        return None
    to_do = _("A full disk stops the backups. Delete those older than 35 days, or ask for more room.")
    return space("backup-space", _("Disk of the backups"), Path(made.path).parent, to_do)


def space(key: str, name: str, folder: Path, to_do: str) -> Line:
    """Say how full the disk of a folder is."""
    try:
        found = shutil.disk_usage(folder)
    except OSError:
        says = _("It cannot be seen from here.")
        return Line(
            key, name, State.LOOK, (says,), _("Ask whoever runs the server whether the folder is there.")
        )
    percent = round(100 * (found.total - found.free) / max(found.total, 1))
    says = _("%(percent)s per cent full. Free: %(free)s.") % {
        "percent": percent,
        "free": filesizeformat(found.free),
    }
    state = fullness(percent)
    return Line(key, name, state, (says,), "" if state == State.GOOD else to_do)


def fullness(percent: int) -> State:
    """Return what a disk that is so full means: to be looked at from 80 per cent on."""
    if percent < FULL_PERCENT:
        return State.GOOD
    return State.BAD if percent >= OVERFULL_PERCENT else State.LOOK


def backup_line(at: datetime) -> Line:
    """Say how old the last backup is, whether it is closed, and whether one was ever put back."""
    name = _("Last backup")
    made = remembered.last_made(Path(settings.DATA_DIR))
    if made is None:
        says = _("This server knows of none.")
        to_do = _(
            "Without one, everything is lost with the disk. Ask whoever runs the server for one every night."
        )
        return Line(
            "backup",
            name,
            State.GOOD if settings.DEMO else State.BAD,
            (says, *not_in_a_demo()),
            "" if settings.DEMO else to_do,
        )
    age = at - datetime.fromisoformat(made.made_at)
    said = [
        _("Made %(time)s ago, %(size)s.")
        % {"time": timesince(at - age, at), "size": filesizeformat(made.size)}
    ]
    state, to_do = State.GOOD, ""
    drill = remembered.last_restored(Path(made.path).parent)
    if drill is None:
        said.append(_("Not known to have been put back and checked."))
        state, to_do = (
            State.LOOK,
            _("A backup that was never put back is a hope. Do the drill in the handbook."),
        )
    else:
        since = at - datetime.fromisoformat(drill.at)
        said.append(_("One was put back and checked %(time)s ago.") % {"time": timesince(at - since, at)})
        if since > DRILL_EVERY:
            state, to_do = State.LOOK, _("It is time for the drill in the handbook again.")
    if not made.is_closed:
        said.append(_("It is not encrypted: whoever gets the file can read all of it."))
        state, to_do = State.LOOK, _("Ask whoever runs the server to set SIRKEL_BACKUP_RECIPIENTS.")
    if age > OLD_BACKUP:
        state = State.BAD if age > VERY_OLD_BACKUP else State.LOOK
        to_do = _("One is expected every night. Ask whoever runs the server why it did not come.")
    if not Path(made.path).exists():
        state, to_do = (
            State.BAD,
            _("The file is not where it was written. Ask whoever runs the server where it is."),
        )
    return Line("backup", name, state, tuple(said), to_do)

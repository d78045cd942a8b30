"""Releases: numbers leave a survey only as numbered, frozen sets of cells, and a ledger remembers all of them.

A release is decided once, from closed waves alone, in the light of everything that was released before. Afterwards
it is not computed anew: who takes an answer back vanishes from what is decided later, and what is decided later is
checked as if everybody remembered the earlier numbers. Each release carries the hash of the one before, so that a
changed or missing one is noticed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from sirkel.evidence.disclosure.protect import decide, shown
from sirkel.evidence.disclosure.request import Request, read_request
from sirkel.evidence.disclosure.sight import Facts
from sirkel.evidence.disclosure.thresholds import Thresholds
from sirkel.evidence.disclosure.wave import Fate

FORM = "sirkel-release/1"


class ReleaseError(ValueError):
    """Say in one line why there can be no release, or why a ledger does not hold together."""


@dataclass(frozen=True)
class Release:
    """One release. Its cells never change.

    Attributes:
        number: its place in the ledger, from 1.
        scale: the name of what was asked; each scale has cells of its own.
        decided_on: the day it was decided.
        circle_from: the day from which the circle sees it.
        leader_from: the day from which the leader sees it; never before the circle.
        limits: the thresholds it was decided with.
        dataset: the hash of the data it was decided from.
        cells: the cells as anybody may see them.
        behind: of each cell that it shows for the first time, who stood behind it: how many, and a sign of who. Kept
            for later decisions and shown to nobody.
        previous: the hash of the release before; empty for the first.
        sha256: the hash of all of this.

    """

    number: int
    scale: str
    decided_on: date
    circle_from: date
    leader_from: date
    limits: Mapping[str, int]
    dataset: str
    cells: tuple[Mapping[str, Any], ...]
    behind: tuple[Mapping[str, Any], ...]
    previous: str
    sha256: str

    def facts(self, cell: Mapping[str, Any], *, on: date, is_own: bool) -> Facts:
        """Return what :func:`~sirkel.evidence.disclosure.sight.may_see` must know of one of its cells on a day.

        ``is_own`` says that the cell is about the reader's own unit. Of a hidden cell, and of one that stands
        elsewhere, nothing may be seen.
        """
        key = _key(cell)
        here = next((one for one in self.cells if _key(one) == key), None)
        if here is None or here["status"] != "released":
            return Facts(is_own=is_own)
        return Facts(
            n=int(str(here["n_band"]).rstrip("+").split("-")[0]),
            is_released=True,
            is_open_to_circle=on >= self.circle_from,
            is_open_to_leader=on >= self.leader_from,
            is_own=is_own,
        )

    def public(self) -> dict[str, Any]:
        """Return it as it may leave the room where it was decided: without what stands behind the cells."""
        return {name: value for name, value in _plain(self).items() if name != "behind"}


@dataclass(frozen=True)
class Ledger:
    """All releases of a study, in the order in which they were decided."""

    releases: tuple[Release, ...] = field(default=())

    def released_before(self, scale: str) -> list[dict[str, Any]]:
        """Return what was shown of a scale before, as the next decision takes it; each cell as it was shown first."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for release in self.releases:
            if release.scale != scale:
                continue
            behind = {_key(one): one for one in release.behind}
            for cell in release.cells:
                if cell["status"] == "released":
                    found.setdefault(_key(cell), {**cell, **behind.get(_key(cell), {})})
        return list(found.values())

    def release(
        self,
        data: Mapping[str, Any],
        *,
        scale: str,
        closed: Mapping[str, date],
        on: date,
        circle_from: date,
        leader_from: date,
        limits: Mapping[str, int] | None = None,
    ) -> "Ledger":
        """Decide a release and return the ledger with it.

        Args:
            data: a request as ``protect`` takes it. What was released before comes from the ledger alone.
            scale: the name of what was asked.
            closed: the day on which each closed wave was closed.
            on: the day of the decision.
            circle_from: the day from which the circle sees it.
            leader_from: the day from which the leader sees it.
            limits: limits that the owner tightens. They stay for later releases of the scale.

        Raises:
            ReleaseError: a wave is open, a day is out of order, or the ledger does not hold together.
            LoosenedError: a limit below its floor, or below that of an earlier release.
            BadRequestError: the request makes no sense.

        """
        self.verify()
        request = read_request({**data, "released_before": self.released_before(scale)})
        self._check_days(request, closed, on=on, circle_from=circle_from, leader_from=leader_from)
        thresholds = self._limits(request, scale, limits or {})
        waves = decide(request, thresholds)
        by_name = {request.waves[wave.number]: wave for wave in waves}
        cells = tuple(shown(by_name[cell[2]], cell) for cell in request.cells)
        behind = []
        for cell in request.cells:
            wave = by_name[cell[2]]
            unit, column = wave.place(cell)
            if wave.fate[unit, column] == Fate.OUT:
                sign = request.fingerprint(wave.number, unit, column)
                counted = {"answered": int(wave.answered[unit, column]), "members": sign}
                behind.append({"unit": cell[0], "role": cell[1], "wave": cell[2], **counted})
        decided = Release(
            number=len(self.releases) + 1,
            scale=scale,
            decided_on=on,
            circle_from=circle_from,
            leader_from=leader_from,
            limits=_limits_of(thresholds),
            dataset=_hash({part: data.get(part) for part in ("units", "people", "scale")}),
            cells=cells,
            behind=tuple(behind),
            previous=self.releases[-1].sha256 if self.releases else "",
            sha256="",
        )
        return Ledger((*self.releases, _sealed(decided)))

    def verify(self) -> None:
        """Walk the ledger.

        Raises:
            ReleaseError: names the first release that was changed, or that does not follow the one before.

        """
        previous = ""
        for place, release in enumerate(self.releases, start=1):
            if release.number != place or release.previous != previous:
                raise ReleaseError(f"Release {release.number} does not follow the one before")
            if _sealed(release).sha256 != release.sha256:
                raise ReleaseError(f"Release {release.number} was changed after it was decided")
            previous = release.sha256

    def to_json(self) -> str:
        """Return the whole ledger as text. It stays where the data are; readers get :meth:`Release.public`."""
        return json.dumps(
            {"form": FORM, "releases": [_plain(one) for one in self.releases]}, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, text: str) -> "Ledger":
        """Read a ledger back and walk it.

        Raises:
            ReleaseError: it is no ledger, or does not hold together.

        """
        try:
            data = json.loads(text)
            if data["form"] != FORM:
                raise ReleaseError(f'The ledger has the form "{data["form"]}"; this program reads "{FORM}"')
            ledger = cls(tuple(_read(one) for one in data["releases"]))
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise ReleaseError("This is no ledger of releases") from error
        ledger.verify()
        return ledger

    def _check_days(
        self, request: Request, closed: Mapping[str, date], *, on: date, circle_from: date, leader_from: date
    ) -> None:
        for wave in dict.fromkeys(cell[2] for cell in request.cells):
            if wave not in closed or closed[wave] > on:
                raise ReleaseError(f"Wave {wave} is still open; numbers come when it is closed")
        if circle_from < on:
            raise ReleaseError("The circle cannot see a release before it is decided")
        if leader_from < circle_from:
            raise ReleaseError("The leader cannot see a release before the circle")
        if self.releases and on < self.releases[-1].decided_on:
            raise ReleaseError("A release cannot be decided before an earlier one")

    def _limits(self, request: Request, scale: str, wanted: Mapping[str, int]) -> Thresholds:
        """Return the limits: the scale's own, tightened by what was set now or for an earlier release."""
        limits = Thresholds.for_scale(request.scale).set_by_owner(request.scale, wanted)
        earlier = [release.limits for release in self.releases if release.scale == scale]
        for name in earlier[-1] if earlier else ():
            if name in wanted and wanted[name] < earlier[-1][name]:
                raise ReleaseError(
                    f'"{name}" was {earlier[-1][name]} in an earlier release and may not be lower now'
                )
        kept = {
            name: max(value, getattr(limits, name))
            for name, value in (earlier[-1] if earlier else {}).items()
        }
        return limits.set_by_owner(request.scale, kept)


def _limits_of(thresholds: Thresholds) -> dict[str, int]:
    names = ("answered", "members", "changed", "single_item", "leader_units")
    return {name: int(getattr(thresholds, name)) for name in names}


def _key(cell: Mapping[str, Any]) -> tuple[Any, ...]:
    return cell["unit"], cell["role"], cell["wave"]


def _sealed(release: Release) -> Release:
    plain = {name: value for name, value in _plain(release).items() if name != "sha256"}
    return Release(**{**{name: getattr(release, name) for name in plain}, "sha256": _hash(plain)})


def _plain(release: Release) -> dict[str, Any]:
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(release).items()
    }
    return {
        **plain,
        "cells": [dict(cell) for cell in release.cells],
        "behind": [dict(one) for one in release.behind],
    }


def _read(plain: Mapping[str, Any]) -> Release:
    days = ("decided_on", "circle_from", "leader_from")
    try:
        dates = {name: date.fromisoformat(plain[name]) for name in days}
    except ValueError as error:
        raise ReleaseError(f"Release {plain.get('number')} has a day that is none") from error
    many = {name: tuple(plain[name]) for name in ("cells", "behind")}
    return Release(**{**plain, **dates, **many})


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()

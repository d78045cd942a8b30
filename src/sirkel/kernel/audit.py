"""The audit chain: who did what, in an order that cannot be changed unseen.

Each organisation has a chain of its own; what concerns the whole installation goes into the chain of `NOBODY`.
The hash of a row is SHA-256 over the hash of the row before it and its own canonical JSON, so that changing,
removing or reordering rows breaks the chain at that row. Cutting off its end does not, nor does writing all rows anew:
that is found by comparing with a head that somebody outside has remembered.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import groupby

from django.db import connection, transaction
from django.db.models import F

from sirkel.kernel.models.audit import GENESIS, AuditEvent, AuditHead

NOBODY = uuid.UUID(int=0)
"""The chain of the installation itself."""

Fact = int | bool | Enum | uuid.UUID | str | None
Facts = Mapping[str, Fact | list[Fact]]

_VERB = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
_CHUNK = 2_000
_HEAD_LINE = re.compile(
    r"\b(?P<chain>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s+(?P<hash>[0-9a-f]{64})\b"
    r"(?:[ \t]+(?P<day>\d{4}-\d{2}-\d{2}))?"
)
_MISSING = "is missing, or a row before it was written anew: a remembered head is not in the chain"


@dataclass(frozen=True)
class Break:
    """Say where a chain first stops fitting, and why, in a clause that can follow "row 3"."""

    chain: uuid.UUID
    sequence: int
    why: str


@dataclass(frozen=True)
class Remembered:
    """A hash that once was a head, as somebody outside has kept it: of which chain and from which day, where they know."""

    hash: str
    chain: uuid.UUID | None = None
    day: str = ""


@dataclass(frozen=True)
class Report:
    """Tell what a walk along the chains found: rows walked, and the first break of each chain that has one."""

    rows: int
    breaks: tuple[Break, ...]


def record(
    *,
    chain: uuid.UUID | None,
    acting: uuid.UUID | None,
    verb: str,
    target: uuid.UUID,
    facts: Facts | None = None,
    at: datetime,
) -> AuditEvent:
    """Add a row to a chain, inside the transaction of what it records.

    The head row of the chain is locked until that transaction ends: rows of one chain are gapless and in commit
    order. Never record a note, who wrote, or who has answered.

    Args:
        chain: id of the organisation; None for the installation.
        acting: id of the person who acts; None for the system.
        verb: what was done, in the past tense: ``"meeting.opened"``.
        target: id of what it was done to.
        facts: numbers, enum values, ids and lists of them by name; a string must be a single lower-case word.
        at: aware; kept to the second.

    Raises:
        TransactionManagementError: called outside a transaction.
        ValueError: a verb, moment or fact of another form; content must never get here.

    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "an audit row belongs to the transaction of what it records"
        )
    if not _VERB.fullmatch(verb):
        raise ValueError(f"an audit verb looks like meeting.opened, not like {verb!r}")
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    chain = chain or NOBODY
    if not AuditHead.objects.filter(chain=chain).update(length=F("length") + 1):
        AuditHead.objects.get_or_create(chain=chain)
        AuditHead.objects.filter(chain=chain).update(length=F("length") + 1)
    head = AuditHead.objects.get(chain=chain)
    event = AuditEvent(
        chain=chain,
        sequence=head.length,
        at=at.astimezone(UTC).replace(microsecond=0),
        actor=acting,
        verb=verb,
        target=target,
        facts={name: _plain(name, fact) for name, fact in (facts or {}).items()},
        previous_hash=head.hash,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(chain=chain).update(hash=event.hash)
    return event


def hash_of(event: AuditEvent) -> str:
    """Give the hash a row must carry: SHA-256 of the previous hash and the row's canonical JSON, in hex."""
    canonical = json.dumps(
        {
            "id": str(event.id),
            "chain": str(event.chain),
            "sequence": event.sequence,
            "at": event.at.astimezone(UTC).isoformat(),
            "actor": str(event.actor) if event.actor else None,
            "verb": event.verb,
            "target": str(event.target),
            "facts": event.facts,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(bytes.fromhex(event.previous_hash) + canonical.encode()).hexdigest()


def heads() -> dict[uuid.UUID, str]:
    """Give the present head of every chain: what somebody outside should remember to notice a cut-off end."""
    return dict(AuditHead.objects.filter(length__gt=0).order_by("chain").values_list("chain", "hash"))


def verify(*, chain: uuid.UUID | None = None, remembered: Iterable[Remembered] = ()) -> Report:
    """Walk one chain, or all, and report where each first stops fitting.

    Args:
        chain: None for all chains.
        remembered: what once were heads; each must still be found in its chain, or the end was cut off or rows were
            written anew. Those of other chains than the one walked are left out.

    """
    events = AuditEvent.objects.order_by("chain", "sequence")
    known_heads = AuditHead.objects.filter(length__gt=0)
    if chain is not None:
        events, known_heads = events.filter(chain=chain), known_heads.filter(chain=chain)
    missing = {one.hash: one for one in remembered if chain is None or one.chain in (None, chain)}
    unseen = {head.chain: head for head in known_heads}
    walks: list[_Walk] = []
    try:
        for its_chain, its_events in groupby(
            events.iterator(chunk_size=_CHUNK), key=lambda event: event.chain
        ):
            walks.append(_Walk(its_chain))
            for event in its_events:
                walks[-1].step(event)
                kept = missing.get(event.hash)
                if kept and kept.chain in (None, its_chain):
                    del missing[event.hash]
            walks[-1].end(unseen.pop(its_chain, None))
    except ValueError:  # a column no longer holds what its type demands
        walks = walks or [_Walk(chain or NOBODY)]
        walks[-1].stop("cannot be read")
        unseen.clear()
    rows = sum(walk.rows for walk in walks)
    breaks = [walk.broken for walk in walks if walk.broken]
    breaks += [Break(head.chain, 1, "is missing, and so is all that followed") for head in unseen.values()]
    broken = {one.chain for one in breaks}
    ends = {walk.chain: walk.rows for walk in walks}
    for one in missing.values():
        its_chain = one.chain or chain
        if its_chain in broken or (its_chain is None and broken):
            continue  # said already, and closer
        end = rows if its_chain is None else ends.get(its_chain, 0)
        breaks.append(Break(its_chain or NOBODY, end + 1, _MISSING + (f" ({one.day})" if one.day else "")))
        broken.add(its_chain or NOBODY)
    return Report(rows, tuple(breaks))


def remembered_in(text: str) -> list[Remembered]:
    """Find the heads in a text: in what ``audit verify --heads`` printed, or in a mail that somebody kept."""
    return [
        Remembered(found["hash"], uuid.UUID(found["chain"]), found["day"] or "")
        for found in _HEAD_LINE.finditer(text)
    ]


class _Walk:
    """Follow one chain row by row and keep the first thing that does not fit."""

    broken: Break | None = None

    def __init__(self, chain: uuid.UUID) -> None:
        self.chain, self.rows, self.hash = chain, 0, GENESIS

    def step(self, event: AuditEvent) -> None:
        """Compare one row with what the row before it demands."""
        if event.sequence != self.rows + 1:
            self.stop("is missing")
        elif event.previous_hash != self.hash:
            self.stop("does not follow from the row before it")
        elif event.hash != hash_of(event):
            self.stop("was changed after it was written")
        self.rows, self.hash = self.rows + 1, event.hash

    def end(self, head: AuditHead | None) -> None:
        """Compare the last row with the head."""
        if head is None or head.length != self.rows or head.hash != self.hash:
            self.stop("is missing: the chain does not end where its head says")

    def stop(self, why: str) -> None:
        """Keep the first fault: it lies at the row after those that fitted."""
        if self.broken is None:
            self.broken = Break(self.chain, self.rows + 1, why)


def _plain(name: str, fact: Fact | list[Fact]) -> object:
    """Turn a fact into JSON and refuse whatever could hold somebody's words."""
    if isinstance(fact, list):
        return [_plain(name, part) for part in fact]
    if isinstance(fact, Enum):
        return fact.value
    if isinstance(fact, uuid.UUID):
        return str(fact)
    if fact is None or isinstance(fact, int) or (isinstance(fact, str) and _is_word_or_id(fact)):
        return fact
    raise ValueError(f"the fact {name!r} is neither a number, nor an id, nor one lower-case word")


def _is_word_or_id(text: str) -> bool:
    if _WORD.fullmatch(text):
        return True
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False

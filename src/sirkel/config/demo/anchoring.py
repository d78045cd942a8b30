"""How the invented circles were anchored: each has gone through what a real one goes through."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from sirkel.circles.domain import agreeing, anchoring
from sirkel.circles.domain.phases import move_to_phase
from sirkel.circles.enums import CircleState
from sirkel.circles.models import Circle
from sirkel.circles.queries.commitments import suggestion_for
from sirkel.circles.rules.readiness import QUESTIONS, Weight
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import holders_at

_ON_THE_WAY = (CircleState.FOCUSING, CircleState.COCREATING, CircleState.CLOSING, CircleState.FOLLOWUP)
_PHASE_LENGTH = timedelta(days=21)
_WORDS = ("yes", "partly", "no")


def anchor_circle(
    circle: Circle, *, acting: Person, state: CircleState, begun: datetime, at: datetime
) -> None:
    """Anchor a circle and lead it to its phase; one that is still forming waits for the leader's signature."""
    texts = _texts(circle)
    asked: dict[str, Any] = {"acting": acting, "circle_id": circle.id}
    anchoring.answer_readiness(**asked, answers=_answers(), at=begun)
    numbers = {name: value for name, value in suggestion_for(circle).items() if name != "base"}
    plan = anchoring.CommitmentPlan(
        **{**numbers, "meetings": 6},  # type: ignore[arg-type] # numbers by name; mypy knows them as one mapping
        cover=texts["cover"],
        mandate=texts["mandate"],
        afterwards=texts["afterwards"],
        lang=circle.language,
        provisions=("room", "training", "staff_meeting", "colleagues"),
    )
    anchoring.write_commitment(**asked, plan=plan, base=0, at=begun)
    union = holders_at(circle.workplace, Role.UNION, at=at).first()
    if union:
        anchoring.comment_on_commitment(
            acting=union, circle_id=circle.id, version=1, text=texts["comment"], at=begun
        )
    if state not in _ON_THE_WAY:
        return
    leader = holders_at(circle.workplace, Role.LEADER, at=at).get()
    signed_at = min(begun + timedelta(days=2), at)
    anchoring.sign_commitment(acting=leader, circle_id=circle.id, version=1, at=signed_at)
    met_at = min(begun + _PHASE_LENGTH, at)
    agreeing.write_agreement(**asked, items=texts["rules"], lang=circle.language, base=0, at=met_at)
    agreeing.agree(**asked, version=1, count=8, at=met_at)
    for text in texts["expectations"]:
        agreeing.add_expectation(**asked, text=text, lang=circle.language)
    for place, phase in enumerate(_ON_THE_WAY[: _ON_THE_WAY.index(state) + 1], start=1):
        move_to_phase(**asked, phase=phase, at=min(begun + place * _PHASE_LENGTH, at))
    circle.refresh_from_db()


def _texts(circle: Circle) -> dict[str, Any]:
    by_language = yaml.safe_load(Path(__file__).with_name("anchoring.yaml").read_text(encoding="utf-8"))
    texts: dict[str, Any] = by_language[circle.language]
    return texts


def _answers() -> dict[str, str]:
    answers = {one.key: _WORDS[one.weights.index(Weight.FINE)] for one in QUESTIONS}
    return answers | {"other_events": "partly"}

"""Mails about lines between a circle and its leader: that there is one and by when, never what it says.

A leader gets one when a line was sent, one gentle reminder before the day, and one when the day has gone by; the
circle gets one when it is asked, its facilitators when an answer is there.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.enums import HandoverAnswer, HandoverState, MemberRole
from sirkel.circles.line_enums import LineNews
from sirkel.circles.models import Handover, Membership
from sirkel.circles.queries.links import whole
from sirkel.circles.queries.trial_page import today_at
from sirkel.circles.rules.handover_states import WAITING, before_working_days
from sirkel.circles.rules.phases import RESTING
from sirkel.circles.rules.when import day_words
from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import Mail
from sirkel.people.queries.mail import reach_of
from sirkel.people.queries.roles import holders_at

BATCH = 200
SOON_BEFORE = 2
"""So many working days before the day the gentle reminder goes."""
TOLD_WITHIN = timedelta(days=7)
"""An overdue line is told of within a week of its day, or not at all: a mail about old things helps nobody."""
_OUTDATED_AFTER = timedelta(days=14)
_TO_LEADERS = frozenset({LineNews.SENT, LineNews.SOON, LineNews.OVERDUE, LineNews.BACK})


def tell_leaders(handover: Handover, news: LineNews, *, at: datetime) -> int:
    """Post one mail to each leader of the workplace, inside the caller's transaction."""
    leaders = holders_at(handover.circle.workplace, Role.LEADER, at=at).order_by("id")
    return _post(handover, news, leaders.values_list("id", flat=True), at)


def tell_facilitators(handover: Handover, news: LineNews, *, at: datetime) -> int:
    """Post one mail to each facilitator of the circle, inside the caller's transaction."""
    return _post(handover, news, _members(handover, role=MemberRole.FACILITATOR), at)


def tell_circle(handover: Handover, news: LineNews, *, at: datetime, but: uuid.UUID) -> int:
    """Post one mail to each member with an account but one, inside the caller's transaction."""
    return _post(handover, news, [one for one in _members(handover) if one != but], at)


def remind_leaders(*, at: datetime) -> int:
    """Post what is due about lines that wait: soon, overdue, or come back; tell how many mails were offered.

    Each goes once to each leader, whatever the timetable does. Paused and ended circles remind nobody.
    """
    utc = at.date()
    waiting = Q(state__in=sorted(WAITING), due_on__gte=utc - TOLD_WITHIN, due_on__lte=utc + TOLD_WITHIN)
    later = Q(state=HandoverState.ANSWERED, answer=HandoverAnswer.LATER)
    back = later & Q(comes_back_on__gte=utc - TOLD_WITHIN, comes_back_on__lte=utc + timedelta(days=1))
    found = (
        Handover.objects.filter(waiting | back)
        .exclude(circle__state__in=RESTING)
        .select_related("circle__workplace")
        .order_by("id")
    )
    posted, batch = 0, list(found[:BATCH])
    while batch:
        with transaction.atomic():
            for one in batch:
                news = due_news(one, today_at(one.circle, at=at))
                posted += tell_leaders(one, news, at=at) if news else 0
        batch = list(found.filter(id__gt=batch[-1].id)[:BATCH])
    return posted


def due_news(handover: Handover, today: date) -> LineNews | None:
    """Return what a leader should be reminded of on this day at the workplace, or None."""
    if handover.is_later:
        is_back = handover.comes_back_on is not None and handover.comes_back_on <= today
        return LineNews.BACK if is_back else None
    due, sent = handover.due_on, handover.sent_on
    if handover.state not in WAITING or due is None or sent is None:
        return None
    if due < today:
        return LineNews.OVERDUE if today - due <= TOLD_WITHIN else None
    return LineNews.SOON if sent < before_working_days(due, SOON_BEFORE) <= today else None


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words of the mails that are still true and whose reader may still know; the others are left out."""
    lines = Handover.objects.select_related("circle__workplace").in_bulk({mail.about for mail in mails})
    letters = {}
    for mail, line in _still_true(mails, lines, at):
        language = mail.person.language or line.circle.language
        with override(language):
            subject, page = _subject(LineNews(mail.edition), line, language)
            text = "\n".join([subject, "", _("Read it here: %(address)s") % {"address": whole(page)}])
        letters[mail.id] = Letter(language=language, subject=subject, text=text)
    return letters


def _still_true(
    mails: Sequence[Mail], lines: Mapping[uuid.UUID, Handover], at: datetime
) -> Iterator[tuple[Mail, Handover]]:
    leaders: dict[uuid.UUID, set[uuid.UUID]] = {}
    inside = set(
        Membership.objects.filter(
            circle__in={line.circle_id for line in lines.values()}, left_at__isnull=True
        ).values_list("circle", "person")
    )
    for mail in mails:
        line = lines.get(mail.about)
        if line is None or not _is_true(LineNews(mail.edition), line, today_at(line.circle, at=at)):
            continue
        if mail.edition in _TO_LEADERS:
            place = line.circle.workplace
            if place.id not in leaders:
                leaders[place.id] = set(holders_at(place, Role.LEADER, at=at).values_list("id", flat=True))
            may_know = mail.person_id in leaders[place.id]
        else:
            may_know = (line.circle_id, mail.person_id) in inside
        if may_know:
            yield mail, line


def _is_true(news: LineNews, line: Handover, today: date) -> bool:
    if news == LineNews.ASKED:
        return line.asked_until is not None and line.asked_until >= today
    if news == LineNews.ANSWERED:
        return line.state == HandoverState.ANSWERED
    if news == LineNews.SENT:
        return line.state in WAITING
    return due_news(line, today) == news


def _subject(news: LineNews, line: Handover, language: str) -> tuple[str, str]:
    """Return the one sentence of a mail and the page it leads to."""
    facts = {"circle": line.circle.name}
    own, theirs = f"/circles/{line.circle_id}/handovers/", f"/leader/handovers/{line.id}/"
    if news == LineNews.ASKED:
        facts["day"] = day_words(line.asked_until, language) if line.asked_until else ""
        return _("%(circle)s: may a line go to the leader? Say so by %(day)s") % facts, own
    if news == LineNews.ANSWERED:
        return _("%(circle)s: the leader has answered a line") % facts, own
    if news == LineNews.BACK:
        return _("A line from %(circle)s comes back to you, as you said") % facts, theirs
    facts["day"] = day_words(line.due_on, language) if line.due_on else ""
    if news == LineNews.OVERDUE:
        return _("A line from %(circle)s has waited for your answer since %(day)s") % facts, theirs
    if news == LineNews.SOON:
        return _("A reminder: a line from %(circle)s waits for your answer by %(day)s") % facts, theirs
    return _("A line from %(circle)s waits for your answer by %(day)s") % facts, theirs


def _members(handover: Handover, **only: str) -> list[uuid.UUID]:
    found = Membership.objects.filter(
        circle=handover.circle_id, left_at__isnull=True, person__is_active=True, **only
    )
    return list(found.order_by("id").values_list("person", flat=True))


def _post(handover: Handover, news: LineNews, people: Iterable[uuid.UUID], at: datetime) -> int:
    told = list(people)
    zone = handover.circle.workplace.time_zone
    reach = reach_of(told, at=at)
    # A line may be asked about, or come back, more than once: the day makes each of these a piece of news of its own.
    day = handover.asked_until or handover.comes_back_on or handover.due_on or handover.answered_on
    return outbox.post(
        outbox.Posted(
            key=f"line:{handover.id}:{news.value}:{day or ''}:{one}",
            person=one,
            kind=MailKind.LINES,
            about=handover.id,
            edition=news.value,
            time_zone=zone,
            not_before=reach[one].next_moment(at, otherwise=zone),
            outdated_at=at + _OUTDATED_AFTER,
        )
        for one in told
    )

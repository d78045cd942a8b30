"""Tasks and outbox: what waits and what failed, and trying it again or dropping it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.config.house.asking import keeper
from sirkel.config.house.work_words import words_of
from sirkel.kernel import clock, queue
from sirkel.people.domain import outbox_acts
from sirkel.people.queries.mail import outbox_state
from sirkel.people.queries.outbox_rows import mail_row, unfinished_mails
from sirkel.people.views.fresh import freshly_signed_in

AGAIN = "again"


@require_safe
@login_required
def work(request: HttpRequest) -> HttpResponse:
    """Show what waits and what failed, without what it is about."""
    at = clock.now()
    person = keeper(request, at=at)
    context = {
        "tasks": [(task, words_of(task.name)) for task in queue.unfinished()],
        "mails": unfinished_mails(person=person, at=at),
        "queue": queue.queue_state(at),
        "outbox": outbox_state(at),
        "most": queue.SHOWN,
        "at": at,
    }
    return render(request, "config/house/work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def task(request: HttpRequest, task_id: uuid.UUID, act: str) -> HttpResponse:
    """Ask whether a task shall be tried again or dropped, and do it."""
    at = clock.now()
    person = keeper(request, at=at)
    found = queue.work_of(task_id)
    if request.method == "POST":
        do = queue.try_again if act == AGAIN else queue.drop
        do(acting=person.id, task_id=task_id, at=at)
        messages.success(request, _("It runs with the next round.") if act == AGAIN else _("It is dropped."))
        return redirect("house:work")
    return render(request, "config/house/task.html", {"act": act, "what": words_of(found.name)})


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def mail(request: HttpRequest, mail_id: uuid.UUID, act: str) -> HttpResponse:
    """Ask whether a mail shall be tried again or dropped, and do it."""
    at = clock.now()
    person = keeper(request, at=at)
    found = mail_row(person=person, mail_id=mail_id, at=at)
    if request.method == "POST":
        do = outbox_acts.try_mail_again if act == AGAIN else outbox_acts.drop_mail
        do(acting=person, mail_id=mail_id, at=at)
        messages.success(
            request, _("It goes out with the next round.") if act == AGAIN else _("It is dropped.")
        )
        return redirect("house:work")
    return render(request, "config/house/mail.html", {"act": act, "mail": found})

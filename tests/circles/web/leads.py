"""Pressing the facilitator's controls as their page would."""

from django.urls import reverse

from tests.factories.meetings import make_meeting, sign_in


def link(live, name):
    return reverse(f"circles:{name}", args=[live.meeting.id])


def page_of(client, live):
    answer = client.get(link(live, "lead"))
    assert answer.status_code == 200
    return answer.content.decode()


def press(client, live, control, *, htmx=False, **fields):
    """Press a control as the page would, with the running round in it."""
    fields = {"expected": live.expected or "", **fields}
    return client.post(
        link(live, f"lead-{control}"), fields, headers={"HX-Request": "true"} if htmx else None
    )


def leading(client, **more):
    live = make_meeting(**more)
    sign_in(client, live.facilitator)
    return live

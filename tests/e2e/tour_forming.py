"""The forming of a circle, as part of the tour: set-up, invitation, paper, and what the invited see."""

from collections.abc import Iterator
from datetime import timedelta

from sirkel.circles.domain import checklist, member_list, open_invitation, planning
from sirkel.circles.queries.forming import join_path
from sirkel.circles.queries.open_links import invitation_address
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from tests.e2e.tour import Visit, signed_in
from tests.factories.meetings import make_circle


def forming() -> Iterator[Visit]:
    """Yield a circle that is being formed, from its facilitator's and from an invited colleague's side."""
    circle, facilitator = make_circle()
    cookies = signed_in(facilitator)
    here = f"/circles/{circle.id}/"
    asked = {"acting": facilitator, "circle_id": circle.id, "at": clock.now()}
    yield Visit("set-up", f"{here}set-up/", cookies)
    yield Visit("set-up-wrong", f"{here}set-up/", cookies, post={"kind": "mixed"}, status=422)
    yield Visit("checklist-no-date", f"{here}checklist/", cookies)
    planning.add_meeting(
        acting=facilitator,
        circle=circle,
        plan=planning.MeetingPlan(starts_at=clock.now() + timedelta(days=20), method="meeting-90-first"),
    )
    checklist.tick(acting=facilitator, circle_id=circle.id, item="whom-to-ask", is_done=True)
    yield Visit("checklist", f"{here}checklist/", cookies)
    yield Visit("circle-next-item", here, cookies)
    yield Visit("sitting", f"{here}meetings/1/sitting/", cookies)
    yield Visit("invitation-none", f"{here}invitation/", cookies)
    link = f"/i/{invitation_address(circle, open_invitation.open_invitation(**asked))}/"
    entries = [
        member_list.Entry(first_name="Aino <3", lang="fi"),
        member_list.Entry(first_name="Mika", lang="fi", email="mika@example.org"),
    ]
    listed = member_list.put_on_list(**asked, entries=entries)
    yield Visit("invitation", f"{here}invitation/", cookies)
    yield Visit("list-import", f"{here}invitation/import/", cookies)
    rows = "Fornavn;Språk;E-post\nLiv;nb;\nKari;sv;kari@example.org"
    yield Visit("list-import-report", f"{here}invitation/import/", cookies, post={"text": rows, "do": "look"})
    yield Visit(
        "list-import-wrong",
        f"{here}invitation/import/",
        cookies,
        post={"text": "=1;klingon;x", "do": "keep"},
        status=422,
    )
    yield Visit("invitation-poster", f"{here}invitation/poster/", cookies)
    yield Visit("invitation-cards", f"{here}invitation/cards/", cookies)
    for name in ("", "more/", "no/", "yes/", "done/"):
        yield Visit(f"invited-{name.strip('/') or 'page'}", f"{link}{name}")
    yield Visit("invited-yes-wrong", f"{link}yes/", post={"client_id": str(new_id())}, status=422)
    yield Visit("invited-none", "/i/nothing/", status=404)
    mail = join_path(circle.id, listed[1].person_id)
    yield Visit("link-join", mail)
    member_list.answer_by_link(token=mail.split("/")[3], is_yes=True, at=clock.now())
    yield Visit("link-joined", mail)

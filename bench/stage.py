"""Setting a stage for measuring: rooms with open meetings and seated phones, written as JSON.

Run as a module inside the environment of the server that will be measured.
"""

import json
import sys
import uuid

import django

django.setup()

from sirkel.circles.domain import joining, planning, running  # noqa: E402 -- Django is set up first
from sirkel.circles.models import Meeting, Round, Step  # noqa: E402
from sirkel.circles.rules.tokens import new_secret  # noqa: E402
from sirkel.kernel import clock  # noqa: E402
from sirkel.people.enums import Role  # noqa: E402
from sirkel.people.models import Organisation, Person, RoleAssignment, Workplace  # noqa: E402


def make_room(
    number: int, phones: int, acting: Person, workplace: Workplace, kind: str = "deepen"
) -> dict[str, object]:
    """Open one meeting at a step of this kind, with seated phones; at ``deepen`` notes are shown at once."""
    at = clock.now()
    circle = planning.create_circle(
        acting=acting,
        plan=planning.CirclePlan(
            workplace=workplace, name=f"Circle {number}", purpose="Measure", theme_frame="", languages=["nb"]
        ),
        at=at,
    )
    meeting = planning.add_meeting(
        acting=acting, circle=circle, plan=planning.MeetingPlan(starts_at=at, method="meeting-90-middle")
    )
    running.open_meeting(acting=acting, meeting_id=meeting.id, at=at)
    step = Step.objects.get(meeting=meeting, kind=kind)
    round_ = Round.objects.create(step=step, began_at=at, secret=new_secret())
    Meeting.objects.filter(id=meeting.id).update(current_step=step)
    meeting.refresh_from_db()
    return {
        "meeting": str(meeting.id),
        "round": str(round_.id),
        "join": joining.join_address(meeting),
        "room_key": joining.room_address(meeting),
        "devices": [joining.join(meeting=meeting).device for _phone in range(phones)],
    }


def main() -> None:
    """Print the rooms: ``stage ROOMS PHONES [KIND OF STEP]``."""
    rooms, phones = int(sys.argv[1]), int(sys.argv[2])
    kind = sys.argv[3] if len(sys.argv) > 3 else "deepen"
    organisation = Organisation.objects.create(name=f"Measured {uuid.uuid4()}", area="NO")
    workplace = Workplace.objects.create(organisation=organisation, name="Ward")
    acting = Person.objects.create_user(f"{uuid.uuid4()}@demo.invalid", first_name="Mål", is_demo=True)
    RoleAssignment.objects.create(
        person=acting, role=Role.FACILITATOR, organisation=organisation, valid_from=clock.now()
    )
    made = [make_room(number, phones, acting, workplace, kind) for number in range(rooms)]
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()

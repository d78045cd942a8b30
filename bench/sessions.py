"""Signing the facilitator of a measured meeting in: prints session keys. ``sessions COUNT MEETING``."""

import sys
import time

import django

django.setup()

from sirkel.circles.models import Meeting  # noqa: E402 -- Django is set up first
from sirkel.people.sessions import SessionStore  # noqa: E402 -- as above


def main() -> None:
    """Print the keys, one a line."""
    meeting = Meeting.objects.select_related("driver").get(id=sys.argv[2])
    for _key in range(int(sys.argv[1])):
        session = SessionStore()
        session["_auth_user_id"] = str(meeting.driver.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = meeting.driver.get_session_auth_hash()
        session["signed_in_at"] = int(time.time())
        session.create()
        print(session.session_key)


if __name__ == "__main__":
    main()

"""Signing the facilitator of a measured meeting in: prints session keys. ``sessions COUNT MEETING``."""

import sys

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402 -- Django is set up first

from sirkel.circles.models import Meeting  # noqa: E402


def main() -> None:
    """Print the keys, one a line."""
    meeting = Meeting.objects.select_related("driver").get(id=sys.argv[2])
    for _key in range(int(sys.argv[1])):
        session = SessionStore()
        session["_auth_user_id"] = str(meeting.driver.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = meeting.driver.get_session_auth_hash()
        session.create()
        print(session.session_key)


if __name__ == "__main__":
    main()

"""Who is signed in by a cookie, for what is asked outside Django's request cycle."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from sirkel.people.models import Person
from sirkel.people.queries.factors import lacks_factor
from sirkel.people.queries.use import SCREEN_SECONDS, SEEN_COOKIE, left
from sirkel.people.sessions import SessionStore


def person_of_session(cookies: Mapping[str, str], *, at: datetime) -> Person | None:
    """Return who is signed in: by a session that goes on, with the second factor where one is needed.

    A screen that shows a running meeting keeps the cookies it was opened with, so it goes on for some hours after
    the last thing that anybody did; ending the session ends it at the next look.
    """
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    session = SessionStore(session_key=key)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    if not left(session, cookies.get(SEEN_COOKIE, ""), more=SCREEN_SECONDS):
        return None
    try:
        person_id = uuid.UUID(str(session.get(SESSION_KEY)))
    except ValueError:
        return None
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()
    ):
        return None
    return None if lacks_factor(person, session, at=at) else person

"""The address of the tables, where there is one."""

from django.conf import settings
from django.urls import URLResolver, path


def table_patterns() -> list[URLResolver]:
    """Return the tables' addresses under their own path; none where none is set.

    They come after all others, so that no page of ours can be taken over.
    """
    if not settings.ADMIN_PATH:
        return []
    from sirkel.config.tables.shown import tables  # noqa: PLC0415 -- the app is not there without a path

    return [path(f"{settings.ADMIN_PATH}/", tables().urls)]

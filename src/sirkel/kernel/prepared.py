"""Questions put into SQL once and then asked with other values, for what screens ask again and again.

Django puts a query into SQL anew each time, which takes several times as long as a database needs to answer a short
one. Here the very function that decides for everybody else builds the query, once, with examples where the values go.
"""

import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any

from django.db import connections
from django.db.models import DateTimeField, Field, QuerySet, UUIDField

_SECONDS = 90_000_000_000
_FIELDS: dict[type, "Field[Any, Any]"] = {uuid.UUID: UUIDField(), datetime: DateTimeField()}
_EXAMPLES: dict[type, Callable[[], object]] = {
    uuid.UUID: uuid.uuid4,
    # Some second between the years 3000 and 5900: no constant of a rule is the same.
    datetime: lambda: (
        datetime(3000, 1, 1, tzinfo=UTC) + timedelta(seconds=SystemRandom().randrange(_SECONDS))
    ),
}


class Prepared:
    """A query for a few columns, put into SQL once for each connection.

    Args:
        build: makes the query from the values, by name. It ends in ``values_list``, compares with each value in the
            database and decides nothing by one in Python: it is called with examples only.
        given: the values by name, each a ``uuid.UUID`` or an aware ``datetime``.

    Raises:
        ValueError: when first asked, if a value does not reach the database as it was given.

    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **given: type) -> None:
        self._build = build
        self._given = given
        self._here = threading.local()

    def __call__(self, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows for these values."""
        asked: _Asked | None = getattr(self._here, "asked", None)
        if asked is None or connections[asked.connection.alias] is not asked.connection:
            asked = self._here.asked = _Asked(self._build, self._given)
        return asked.rows(values)


class _Asked:
    def __init__(self, build: Callable[..., QuerySet[Any, Any]], given: Mapping[str, type]) -> None:
        examples = {name: _EXAMPLES[kind]() for name, kind in given.items()}
        query = build(**examples)
        self.connection = connections[query.db]
        self.fields = {name: _FIELDS[kind] for name, kind in given.items()}
        compiler = query.query.get_compiler(connection=self.connection)
        self.sql, constants = compiler.as_sql()
        names = {self._stored(name, example): name for name, example in examples.items()}
        self.places = [(names.get(constant), constant) for constant in constants]
        if lacking := set(given) - {name for name, _constant in self.places}:
            raise ValueError(f"the query does not compare with {', '.join(sorted(lacking))} as given")
        self.converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        self.converted = compiler.apply_converters

    def _stored(self, name: str, value: object) -> Any:
        return self.fields[name].get_db_prep_value(value, self.connection)

    def rows(self, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        stored = {name: self._stored(name, values[name]) for name in self.fields}
        with self.connection.cursor() as cursor:
            cursor.execute(self.sql, [stored[name] if name else constant for name, constant in self.places])
            return [tuple(row) for row in self.converted(cursor.fetchall(), self.converters)]

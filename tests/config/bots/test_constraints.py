"""Every constraint of the database is broken on purpose, on the rows that a whole circle leaves behind.

Generated: for each check constraint a row is changed in the fields it speaks of until it would be broken, and saved; for
each unique one a row is copied. The database must refuse both, and name the constraint. A constraint that nothing here
can break is a fault of this test, or of the constraint.
"""

import copy
import datetime as dt
import itertools
import uuid
from functools import partial

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, router, transaction
from django.db.models.expressions import F

from sirkel.config.bots.stories import load
from tests.config.bots.told import told

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "research", "vault"])]
TODAY = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)
ROOMS = ("people", "circles", "network", "policy", "kernel")
MOST_ROWS, MOST_WAYS = 12, 4000
FAR = dt.timedelta(days=900)
# What else a field of a kind could hold, the narrower kinds first.
MORE = (
    (models.BooleanField, [True, False]),
    (models.IntegerField, [-1, 0, 1, 2, 3, 7, 31, 500, 5000, 30000]),
    (models.DateTimeField, [TODAY, TODAY + FAR, TODAY - FAR]),
    (models.DateField, [TODAY.date(), dt.date(2031, 1, 1), dt.date(2019, 1, 1)]),
    (models.UUIDField, [uuid.UUID(int=7)]),
    (models.TextField, ["", "x", "Å"]),
    (models.CharField, ["", "x", "Å"]),
    (models.BinaryField, [b"", b"x"]),
    (models.JSONField, [[], {}]),
)
# What a trigger says of rows that are fixed for ever: those refuse a change before any check is asked.
FIXED = "never changed"


def constraints():
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for constraint in model._meta.constraints:
                yield model, constraint


def fields_in(condition):
    """Return the names of the fields that a condition speaks of."""
    found = set()
    for child in condition.children if isinstance(condition, models.Q) else [condition]:
        if isinstance(child, models.Q):
            found |= fields_in(child)
        elif isinstance(child, tuple):
            found.add(child[0].split("__")[0])
            found |= {child[1].name} if isinstance(child[1], F) else set()
    return found


def values_for(field, now):
    """Return values that a field could hold, sensible and not."""
    found = [now]
    if field.null:
        found.append(None)
    if field.choices:
        return [*found, *(value for value, _label in field.flatchoices), "nonsense", ""]
    for kind, more in MORE:
        if isinstance(field, kind):
            return found + more
    if isinstance(field, models.ForeignKey):
        found += field.related_model._default_manager.values_list("pk", flat=True)[:2]
    return found


def broken_by_change(model, constraint, row):
    """Return the row changed so that it would break a check, or None when no change we know of does."""
    names = sorted(fields_in(constraint.condition))
    fields = [model._meta.get_field(name) for name in names]
    pools = [values_for(field, getattr(row, field.attname)) for field in fields]
    ids = [value for pool in pools for value in pool if isinstance(value, uuid.UUID)]  # two that must differ
    pools = [
        pool + ids if isinstance(field, models.UUIDField) else pool
        for field, pool in zip(fields, pools, strict=True)
    ]
    for values in itertools.islice(itertools.product(*pools), MOST_WAYS):
        for field, value in zip(fields, values, strict=True):
            setattr(row, field.attname, value)
        try:
            constraint.validate(model, row)
        except ValidationError:
            yield row
        except (TypeError, ValueError, DatabaseError):
            continue


def row_of(model):
    """Return a row that keeps every constraint: one that the circle left, or else one made of plain values."""
    found = model._default_manager.first()
    if found is not None:
        return found
    made = model()
    for field in model._meta.concrete_fields:
        if field.has_default() or field.null or field.blank or (field.primary_key and not field.is_relation):
            continue
        if field.is_relation:
            setattr(made, field.attname, row_of(field.related_model).pk)
        else:
            setattr(
                made,
                field.attname,
                next(value for value in values_for(field, None) if value not in (None, "", b"", -1)),
            )
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    names = sorted(set().union(*(fields_in(check.condition) for check in checks)) if checks else ())
    fields = [model._meta.get_field(name) for name in names]
    pools = [values_for(field, getattr(made, field.attname)) for field in fields]
    for values in itertools.islice(itertools.product(*pools), MOST_WAYS):
        for field, value in zip(fields, values, strict=True):
            setattr(made, field.attname, value)
        if (
            all(keeps(model, check, made) for check in checks)
            and refused(lambda: made.save(force_insert=True)) is None
        ):
            made.save(force_insert=True)
            return made
    raise AssertionError(f"no row of {model.__name__} can be made")


def keeps(model, check, row):
    try:
        check.validate(model, row)
    except (ValidationError, TypeError, ValueError, DatabaseError):
        return False
    return True


def refused(save):
    """Say what the database answered to a row; None when it took it."""
    try:
        with transaction.atomic():
            save()
            transaction.set_rollback(True)
    except (IntegrityError, DatabaseError) as error:
        return str(error)
    return None


def fault_of_check(model, constraint):
    answer = "nothing here breaks it"
    row_of(model)
    for row in model._default_manager.all()[:MOST_ROWS]:
        for broken in broken_by_change(model, constraint, row):
            answer = refused(partial(broken.save, force_update=True))
            if answer is not None and FIXED in answer:
                answer = refused(partial(as_new(broken).save, force_insert=True))
            if answer is None:
                return "the database took a row that breaks it"
            if constraint.name in answer or FIXED in answer:
                return None
    return answer


def as_new(row):
    """Turn a row into one more of its kind; what must be unique may clash, a check is asked first."""
    row = copy.copy(row)
    row._state = copy.copy(row._state)
    row._state.adding = True
    if not row._meta.pk.is_relation:
        row.pk = uuid.uuid4() if isinstance(row._meta.pk, models.UUIDField) else None
    return row


def fault_of_unique(model, constraint):
    row_of(model)
    rows = (
        model._default_manager.filter(constraint.condition)
        if constraint.condition
        else model._default_manager.all()
    )
    row = rows.first() or under(model, constraint.condition, rows)
    if row is None:
        return "no row falls under it"
    answer = refused(lambda: as_new(row).save(force_insert=True))
    if answer and ("unique" in answer.lower() or FIXED in answer):
        return None
    return f"a second row was answered with {answer}"


def under(model, condition, rows):
    """Change a row until it falls under the condition of a unique constraint."""
    row = row_of(model)
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    names = fields_in(condition).union(*(fields_in(check.condition) for check in checks))
    fields = [model._meta.get_field(name) for name in sorted(names)]
    pools = [values_for(field, getattr(row, field.attname)) for field in fields]
    for values in itertools.islice(itertools.product(*pools), MOST_WAYS):
        for field, value in zip(fields, values, strict=True):
            setattr(row, field.attname, value)
        if all(keeps(model, check, row) for check in checks) and refused(row.save) is None:
            row.save()
            if rows.exists():
                return rows.first()
    return None


def test_no_constraint_is_there_for_show():
    told(load("no2-new"), today=TODAY)
    faults, tried = {}, 0
    for model, constraint in constraints():
        assert router.db_for_write(model) == "default"
        is_check = isinstance(constraint, models.CheckConstraint)
        fault = (fault_of_check if is_check else fault_of_unique)(model, constraint)
        tried += 1
        if fault:
            faults[f"{model.__name__}.{constraint.name}"] = fault
    assert faults == {}
    assert tried > 100

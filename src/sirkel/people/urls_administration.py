"""Addresses of an administrator's pages."""

from django.urls import path

from sirkel.people.views import (
    administration,
    factor_resets,
    holds,
    imports,
    records,
    roles,
    signing_out,
    trail,
    units,
)

HERE = "<uuid:organisation_id>/"

urlpatterns = [
    path("", administration.start, name="administration"),
    path(HERE, administration.overview, name="organisation"),
    path(f"{HERE}workplaces/new/", administration.new_workplace, name="workplace-new"),
    path(f"{HERE}workplaces/<uuid:workplace_id>/units/new/", administration.new_unit, name="unit-new"),
    path(f"{HERE}units/<uuid:unit_id>/", units.fate, name="unit"),
    path(f"{HERE}names/<uuid:place_id>/", administration.rename, name="place-name"),
    path(f"{HERE}people/", roles.people, name="people"),
    path(f"{HERE}people/give/", roles.give, name="role-give"),
    path(f"{HERE}people/<uuid:person_id>/second-step/", factor_resets.second_step, name="second-step"),
    path(f"{HERE}people/<uuid:person_id>/sign-out/", signing_out.sign_out, name="sign-out"),
    path(f"{HERE}people/import/", imports.role_list, name="role-list"),
    path(f"{HERE}roles/<uuid:role_id>/", roles.change, name="role-change"),
    path(f"{HERE}roles/<uuid:role_id>/end/", roles.end, name="role-end"),
    path(f"{HERE}holds/", holds.holds, name="holds"),
    path(f"{HERE}holds/new/", holds.new, name="hold-new"),
    path(f"{HERE}holds/<uuid:hold_id>/", holds.hold, name="hold"),
    path(f"{HERE}records/", records.records, name="records"),
    path(f"{HERE}trail/", trail.trail, name="trail"),
]

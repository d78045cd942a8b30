"""Addresses of a circle's end: the closing in a few steps, and the looks back; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.views import closing, follow_ups

_CLOSING = "circles/<uuid:circle_id>/closing/"
_LINE = f"{_CLOSING}lines/<uuid:anchor_id>/"
_BACK = "circles/<uuid:circle_id>/follow-up/"

urlpatterns = [
    path(_CLOSING, closing.closing, name="closing"),
    path(f"{_CLOSING}expectations/", closing.expectations, name="closing-expectations"),
    path(f"{_CLOSING}lines/", closing.lines, name="closing-lines"),
    path(f"{_CLOSING}lines/new/", closing.line, name="closing-line-new"),
    path(_LINE, closing.line, name="closing-line"),
    path(f"{_LINE}away/", closing.line_away, name="closing-line-away"),
    path(f"{_LINE}inside/", closing.line_inside, name="closing-line-inside"),
    path(f"{_CLOSING}on/", closing.on, name="closing-on"),
    path(f"{_CLOSING}check/", closing.check, name="closing-check"),
    path(_BACK, follow_ups.all_, name="follow-ups"),
    path(f"{_BACK}<int:months>/", follow_ups.one, name="follow-up"),
    path(f"{_BACK}<int:months>/move/", follow_ups.move, name="follow-up-move"),
]

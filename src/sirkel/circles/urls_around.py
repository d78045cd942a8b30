"""Addresses of what stands around a circle: leader, representative, and a circle's pause and end."""

from django.urls import path

from sirkel.circles.views import around, halting

_CIRCLE = "circles/<uuid:circle_id>/"

urlpatterns = [
    path("leader/", around.leader, name="leader"),
    path("representative/", around.representative, name="representative"),
    path("representative/<uuid:circle_id>/", around.representative_circle, name="representative-circle"),
    path(f"{_CIRCLE}pause/", halting.pause, name="pause"),
    path(f"{_CIRCLE}resume/", halting.resume, name="resume"),
    path(f"{_CIRCLE}end/", halting.end, name="end"),
    path(f"{_CIRCLE}concern/", halting.concern, name="concern"),
]

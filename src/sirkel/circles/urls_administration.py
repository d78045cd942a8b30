"""Addresses of what an organisation's administrator settles for its circles; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.views import offering

urlpatterns = [
    path("administration/<uuid:organisation_id>/methods/", offering.methods, name="methods"),
]

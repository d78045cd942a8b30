"""Addresses of the design system: the pattern library, which holds no data and is open to all."""

from django.urls import path

from sirkel.web import patterns

urlpatterns = [
    path("patterns/", patterns.library, name="patterns"),
    path("patterns/<slug:surface>/", patterns.surface, name="pattern"),
]

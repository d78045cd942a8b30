"""Addresses of the pages about the whole installation."""

from django.urls import path

from sirkel.config.house import views

app_name = "house"

urlpatterns = [
    path("", views.health, name="health"),
]

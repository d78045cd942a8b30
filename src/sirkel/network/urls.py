"""Addresses of the network room."""

from django.urls import path

from sirkel.network.views import cards

app_name = "network"

urlpatterns = [
    path("cards/", cards.card_list, name="cards"),
    path("cards/<uuid:card_id>/", cards.card_page, name="card"),
    path("cards/<uuid:card_id>/take-back/", cards.take_back, name="take_back"),
    path("cards/<uuid:card_id>/hold-back/", cards.hold_back, name="hold_back"),
    path("cards/<uuid:card_id>/show-again/", cards.show_again, name="show_again"),
]

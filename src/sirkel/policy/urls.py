"""Addresses of the policy room."""

from django.urls import path

from sirkel.policy.views import editing, public, receipt

app_name = "policy"

urlpatterns = [
    path("recommendations/", public.recommendation_list, name="recommendations"),
    path("recommendations/<int:number>/", public.recommendation_page, name="recommendation"),
    path("policy/", editing.desk, name="desk"),
    path("policy/<int:number>/", editing.editor, name="editor"),
    path("policy/<int:number>/title/", editing.title, name="title"),
    path("policy/<int:number>/turn/", editing.turn, name="turn"),
    path("policy/<int:number>/<slug:letter>/", editing.clause_page, name="clause"),
    path("policy/<int:number>/<slug:letter>/strike/", editing.strike, name="strike"),
    path("policy/<int:number>/<slug:letter>/rest-on/", editing.rest_on, name="rest_on"),
    path("policy/<int:number>/<slug:letter>/let-go/", editing.let_go, name="let_go"),
    path("receipt/", receipt.receipt, name="receipt"),
    path("receipt/take-back/", receipt.take_back, name="take_back"),
]

"""Addresses of the API, under one version. What a version gives is only ever added to; a change begins another."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from sirkel.api import problems
from sirkel.api.views import around, own, shared

api = NinjaAPI(
    title="Sirkel",
    version="1",
    description=(
        "What a program may ask, with a key that somebody made for it. It sees what its owner sees on the pages: the same "
        "questions are asked of the same rules. The handbook says more."
    ),
    urls_namespace="api",
    docs_url=None,
    docs_decorator=require_safe,
)
problems.teach(api)
api.add_router("", own.router)
api.add_router("", around.router)
api.add_router("", shared.router)

urlpatterns = [
    path("v1/", problems.no_such_address, name="api-none"),
    path("v1/", api.urls),
    re_path("^", problems.no_such_address, name="api-none"),
]

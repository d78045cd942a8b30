"""Every address, room by room."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from sirkel import __version__
from sirkel.config.register import views as of_register
from sirkel.config.register.breach import breach
from sirkel.config.tables.urls import table_patterns


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say whether the databases answer: 200 when all do, else 503."""
    from django.db import DatabaseError, connections  # noqa: PLC0415 -- checked at call, not at import

    checks = {}
    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
            checks[alias] = "ok"
        except DatabaseError:
            checks[alias] = "away"
    is_well = all(state == "ok" for state in checks.values())
    body = {"status": "ok" if is_well else "failing", "version": __version__, "checks": checks}
    return JsonResponse(body, status=200 if is_well else 503)


handler400 = "sirkel.web.views.bad_request"
handler500 = "sirkel.config.faults.answer"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/", include("sirkel.api.urls")),
    path("privacy/", of_register.privacy, name="privacy"),
    path("privacy/handing-over/<uuid:organisation_id>/", of_register.handing_over, name="handing-over"),
    path("privacy/breach/<uuid:organisation_id>/", breach, name="breach"),
    path("privacy/<slug:name>/", of_register.paper, name="privacy-paper"),
    path("accounts/", include("sirkel.people.urls_accounts")),
    path("me/security/", include("sirkel.people.urls_security")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("administration/server/", include("sirkel.config.house.urls")),
    path("", include("sirkel.circles.urls")),
    path("", include("sirkel.people.urls")),
    path("network/", include("sirkel.network.urls")),
    path("", include("sirkel.policy.urls")),
    path("", include("sirkel.web.urls")),
    *table_patterns(),
]

"""What somebody signs in with: django-allauth's pages under the names it knows them by, each after a fresh sign-in."""

from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from django.urls import path

from sirkel.people.views.fresh import freshly_signed_in
from sirkel.people.views.security import AddApp, again, again_by_code, security

urlpatterns = [
    path("", security, name="mfa_index"),
    path("again/", again, name="account_reauthenticate"),
    path("again/code/", again_by_code, name="mfa_reauthenticate"),
    path("app/", freshly_signed_in(AddApp.as_view()), name="mfa_activate_totp"),
    path("app/remove/", freshly_signed_in(deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", freshly_signed_in(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", freshly_signed_in(generate_recovery_codes), name="mfa_generate_recovery_codes"),
]

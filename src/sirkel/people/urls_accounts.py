"""Signing in and out: the few of django-allauth's pages that are needed, under the names it knows them by.

There are no passwords, nobody signs up, and an address is changed by an administrator: those pages do not exist.
"""

from allauth.account.views import account_inactive
from allauth.mfa.webauthn.views import login_webauthn
from django.urls import path

from sirkel.people.views import elsewhere
from sirkel.people.views.passkeys import SecondStep
from sirkel.people.views.sign_in import sign_in, sign_out, type_code

urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path("login/", sign_in, name="account_request_login_code"),
    path("login/code/", type_code, name="account_confirm_login_code"),
    path("login/factor/", SecondStep.as_view(), name="mfa_authenticate"),
    path("login/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("with/<slug:provider>/", elsewhere.begin, name="elsewhere"),
    path("with/<slug:provider>/back/", elsewhere.back, name="elsewhere-back"),
    path("with/<slug:provider>/keys/", elsewhere.keys, name="elsewhere-keys"),
    path("logout/", sign_out, name="account_logout"),
    path("inactive/", account_inactive, name="account_inactive"),
]

"""What somebody signs in with: django-allauth's pages under the names it knows them by, each after a fresh sign-in."""

from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.webauthn.views import remove_webauthn
from django.urls import path

from sirkel.people.views import elsewhere
from sirkel.people.views.fresh import freshly_signed_in
from sirkel.people.views.passkeys import AddPasskey, again_by_passkey
from sirkel.people.views.security import AddApp, NewCodes, again, again_by_code, security
from sirkel.people.views.staying import end_other_sessions, end_session, stay

urlpatterns = [
    path("stay/", stay, name="session-stay"),
    path("sessions/end-others/", end_other_sessions, name="sessions-end-others"),
    path("sessions/<uuid:handle>/end/", end_session, name="session-end"),
    path("", security, name="mfa_index"),
    path("", security, name="mfa_list_webauthn"),
    path("again/", again, name="account_reauthenticate"),
    path("again/code/", again_by_code, name="mfa_reauthenticate"),
    path("again/passkey/", again_by_passkey, name="mfa_reauthenticate_webauthn"),
    path(
        "with/<slug:provider>/link/",
        freshly_signed_in(elsewhere.link, page="mfa_index"),
        name="identity-link",
    ),
    path("with/<slug:provider>/again/", elsewhere.again, name="identity-again"),
    path(
        "identities/<uuid:identity_id>/unlink/", freshly_signed_in(elsewhere.unlink), name="identity-unlink"
    ),
    path("passkeys/add/", freshly_signed_in(AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", freshly_signed_in(remove_webauthn), name="mfa_remove_webauthn"),
    path("app/", freshly_signed_in(AddApp.as_view()), name="mfa_activate_totp"),
    path("app/remove/", freshly_signed_in(deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", freshly_signed_in(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", freshly_signed_in(NewCodes.as_view()), name="mfa_generate_recovery_codes"),
]

"""Log in and out, and the security of one's own account; of allauth's pages only those that are used are here.

Its views find each other by their names (`account_…`, `mfa_…`); the addresses are ours.
"""

from allauth.account.views import reauthenticate
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from contactcenter.accounts import single_sign_on
from contactcenter.accounts.login import Login
from contactcenter.accounts.security import AddPasskey, Security

urlpatterns = [
    path("login/", Login.as_view(), name="account_login"),
    path("login/", Login.as_view(), name="login"),
    path("login/code/", factors.authenticate, name="mfa_authenticate"),
    path("login/passkey/", login_not_required(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("login/sso/", single_sign_on.leave, name="single-sign-on"),
    path(
        "login/sso/back/",
        single_sign_on.come_back,
        {"provider_id": single_sign_on.PROVIDER},
        name="openid_connect_callback",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", Security.as_view(), name="mfa_index"),
    path("account/again/", reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/codes/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/codes/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/passkeys/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/", Security.as_view(), name="mfa_list_webauthn"),  # one page shows all factors
]

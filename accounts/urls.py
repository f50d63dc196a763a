"""Sign-in and second factor by allauth; accounts are given, so the rest of it is not mounted."""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from accounts import views_own as own
from accounts import views_reset as reset

to_login = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("", login_not_required(to_login), name="account_home"),
    path("dang-nhap/", views.login, name="account_login"),
    path("dang-xuat/", views.logout, name="account_logout"),
    path("doi-mat-khau/", views.password_change, name="account_change_password"),
    path("quen-mat-khau/", reset.ask, name="account_reset_password"),
    path("mat-khau-moi/", reset.use, name="account_reset_use"),
    path("xac-nhan/", views.reauthenticate, name="account_reauthenticate"),
    path("da-giu/", own.kept_form, name="account_kept"),
    path("phien/", own.sign_ins, name="account_sign_ins"),
    path("phien/khac/", own.sign_ins_others, name="account_sign_ins_others"),
    path("phien/<uuid:public_id>/", own.sign_in_gone, name="account_sign_in_gone"),
    path("ma-api/", own.tokens, name="account_tokens"),
    path("ma-api/moi/", own.token_new, name="account_token_new"),
    path("ma-api/<uuid:public_id>/", own.token_gone, name="account_token_gone"),
    path("lop-2/", mfa.index, name="mfa_index"),
    path("lop-2/dang-nhap/", mfa.authenticate, name="mfa_authenticate"),
    path("lop-2/xac-nhan/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("lop-2/ung-dung/", totp.activate_totp, name="mfa_activate_totp"),
    path("lop-2/ung-dung/bo/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("lop-2/ma-du-phong/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "lop-2/ma-du-phong/moi/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path("lop-2/ma-du-phong/tep/", own.codes_file, name="mfa_recovery_codes_file"),
    path("lop-2/khoa/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("lop-2/khoa/them/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "lop-2/khoa/xac-nhan/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
    path("lop-2/khoa/<int:pk>/bo/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("lop-2/khoa/<int:pk>/ten/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]

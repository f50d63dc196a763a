"""Sign-in and sign-out by allauth; accounts are given, so the rest of it is not mounted."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

to_login = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("", login_not_required(to_login), name="account_home"),
    path("dang-nhap/", views.login, name="account_login"),
    path("dang-xuat/", views.logout, name="account_logout"),
    path("doi-mat-khau/", views.password_change, name="account_change_password"),
    path("xac-nhan/", views.reauthenticate, name="account_reauthenticate"),
]

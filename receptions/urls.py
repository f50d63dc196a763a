from django.urls import path

from receptions import views

app_name = "receptions"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("lich.ics", views.calendar_ics, name="calendar_ics"),
    path("dang-ky/", views.registration_lookup, name="registration_lookup"),
    path("dang-ky/xong/", views.registered, name="registered"),
    path("<uuid:public_id>/", views.session, name="session"),
    path("<uuid:public_id>/dang-ky/", views.register, name="register"),
    path("<uuid:public_id>.ics", views.session_ics, name="session_ics"),
]

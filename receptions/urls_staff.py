from django.urls import path

from receptions import views_staff as views

app_name = "receptions_staff"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("moi/", views.plan, name="plan"),
    path("<uuid:public_id>/", views.session, name="session"),
    path("<uuid:public_id>/cong-bo/", views.publish, name="publish"),
    path("<uuid:public_id>/doi-lich/", views.postpone, name="postpone"),
    path("<uuid:public_id>/huy/", views.cancel, name="cancel"),
    path("<uuid:public_id>/da-tiep/", views.hold, name="hold"),
    path("<uuid:public_id>/dang-ky/", views.register, name="register"),
    path("<uuid:public_id>/dang-ky/<str:code>/", views.record, name="record"),
]

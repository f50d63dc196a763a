from django.urls import path

from directives import views_staff

app_name = "directives_staff"
urlpatterns = [
    path("", views_staff.directive_list, name="list"),
    path("viec/<uuid:public_id>/", views_staff.assignment, name="assignment"),
    path("viec/<uuid:public_id>/bao-cao/", views_staff.report, name="report"),
    path("viec/<uuid:public_id>/ke-hoach/", views_staff.plan, name="plan"),
    path("viec/<uuid:public_id>/tra-loi/", views_staff.review, name="review"),
    path("<slug:slug>/", views_staff.detail, name="detail"),
    path("<slug:slug>/<slug:code>/", views_staff.unit, name="unit"),
]

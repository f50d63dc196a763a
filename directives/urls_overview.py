"""Addresses of the overview, below those of directives."""

from django.urls import path

from directives import views_brief, views_likeness, views_overview, views_said, views_time

HOME = "tong-quan"
UNIT = f"{HOME}/don-vi/<str:code>"
urlpatterns = [
    path(f"{HOME}/", views_overview.overview, name="overview"),
    path(f"{HOME}/cham/", views_overview.late, name="late"),
    path(f"{HOME}/theo-ky/", views_time.compare, name="compare"),
    path(f"{HOME}/kho-khan/", views_said.said, name="said"),
    path(f"{HOME}/kho-khan/tai-ve/", views_said.said_export, name="said_export"),
    path(f"{HOME}/giong-nhau/", views_likeness.likenesses, name="likenesses"),
    path(f"{HOME}/giong-nhau/<uuid:public_id>/", views_likeness.likeness, name="likeness"),
    path(f"{HOME}/tom-tat/", views_brief.city_brief, name="city_brief"),
    path(f"{HOME}/tom-tat.pdf", views_brief.city_paper, name="city_paper"),
    path(f"{HOME}/tep/<str:what>/", views_time.export, name="overview_export"),
    path(f"{UNIT}/", views_overview.overview_unit, name="overview_unit"),
    path(f"{UNIT}/don-doc/", views_overview.urge, name="urge"),
    path(f"{UNIT}/tom-tat/", views_brief.unit_brief, name="unit_brief"),
    path(f"{UNIT}/tom-tat.pdf", views_brief.unit_paper, name="unit_paper"),
]

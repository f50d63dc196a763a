from django.urls import path

from communes import api

urlpatterns = [
    path("units/", api.UnitList.as_view(), name="units"),
    path("units/<str:code>/", api.UnitDetail.as_view(), name="unit"),
]

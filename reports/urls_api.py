from django.urls import path

from reports import api

urlpatterns = [path("overview/", api.Overview.as_view(), name="overview")]

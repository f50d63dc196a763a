from django.urls import path

from continuity import api

urlpatterns = [path("continuity/", api.ContinuityBoard.as_view(), name="continuity")]

from django.urls import path

from receptions import api

urlpatterns = [
    path("reception-sessions/", api.SessionList.as_view(), name="reception-sessions"),
    path(
        "reception-sessions/<str:session_id>/registrations/",
        api.RegistrationList.as_view(),
        name="reception-registrations",
    ),
    path("reception-quotas/", api.QuotaList.as_view(), name="reception-quotas"),
]

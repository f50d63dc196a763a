from django.urls import path

from receptions import api, api_oversight, api_staff

urlpatterns = [
    path("reception-sessions/", api.SessionList.as_view(), name="reception-sessions"),
    path(
        "reception-sessions/<str:session_id>/registrations/",
        api.RegistrationList.as_view(),
        name="reception-registrations",
    ),
    path(
        "reception-sessions/<str:session_id>/registrations/<str:code>/record/",
        api_staff.VisitRecording.as_view(),
        name="reception-record",
    ),
    path(
        "reception-sessions/<str:session_id>/publish/",
        api_staff.SessionPublish.as_view(),
        name="reception-publish",
    ),
    path(
        "reception-sessions/<str:session_id>/postpone/",
        api_staff.SessionPostpone.as_view(),
        name="reception-postpone",
    ),
    path(
        "reception-sessions/<str:session_id>/cancel/",
        api_staff.SessionCancel.as_view(),
        name="reception-cancel",
    ),
    path(
        "reception-sessions/<str:session_id>/hold/",
        api_staff.SessionHold.as_view(),
        name="reception-hold",
    ),
    path(
        "reception-registrations/<str:code>/confirm/",
        api.RegistrationConfirm.as_view(),
        name="reception-confirm",
    ),
    path("reception-quotas/", api.QuotaList.as_view(), name="reception-quotas"),
    path(
        "reception-oversight/",
        api_oversight.OversightList.as_view(),
        name="reception-oversight",
    ),
]

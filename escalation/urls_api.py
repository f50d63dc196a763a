from django.urls import path

from escalation import api

urlpatterns = [
    path("escalations/", api.EscalationList.as_view(), name="escalations"),
    path(
        "escalations/<str:public_id>/answer/",
        api.EscalationAnswer.as_view(),
        name="escalation-answer",
    ),
]

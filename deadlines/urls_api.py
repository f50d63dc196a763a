from django.urls import path

from deadlines import api

urlpatterns = [
    path("deadline-rules/", api.RuleList.as_view(), name="deadline-rules"),
    path("deadlines/", api.DeadlineDetail.as_view(), name="deadlines"),
    path("calendar/", api.CalendarList.as_view(), name="calendar"),
]

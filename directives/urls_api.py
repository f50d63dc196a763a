from django.urls import path

from directives import api

urlpatterns = [
    path("directives/", api.DirectiveList.as_view(), name="directives"),
    path("directives/<slug:slug>/", api.DirectiveDetail.as_view(), name="directive"),
    path(
        "directives/<slug:slug>/assignments/",
        api.DirectiveAssignments.as_view(),
        name="directive-assignments",
    ),
    path(
        "assignments/<str:public_id>/reports/",
        api.AssignmentReports.as_view(),
        name="assignment-reports",
    ),
    path(
        "assignments/<str:public_id>/plan/",
        api.AssignmentPlan.as_view(),
        name="assignment-plan",
    ),
    path(
        "assignments/<str:public_id>/review/",
        api.AssignmentReview.as_view(),
        name="assignment-review",
    ),
]

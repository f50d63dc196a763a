from django.urls import path

from directives import api, api_register

urlpatterns = [
    path("directives/", api_register.DirectiveRegister.as_view(), name="directives"),
    path("directives/<slug:slug>/", api.DirectiveDetail.as_view(), name="directive"),
    path(
        "directives/<slug:slug>/assignments/",
        api_register.DirectiveGiving.as_view(),
        name="directive-assignments",
    ),
    path(
        "directives/<slug:slug>/change/",
        api_register.DirectiveChange.as_view(),
        name="directive-change",
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

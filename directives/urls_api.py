from django.urls import path

from directives import api, api_figures, api_overview, api_register, api_reviews, api_steps

ONE = "assignments/<str:public_id>"
urlpatterns = [
    path("directives/", api_register.DirectiveRegister.as_view(), name="directives"),
    path("directives/reviews/", api_reviews.DirectiveReviews.as_view(), name="directive-reviews"),
    path("directives/<slug:slug>/", api.DirectiveDetail.as_view(), name="directive"),
    path(
        "directives/<slug:slug>/overview/",
        api_overview.DirectiveOverview.as_view(),
        name="directive-overview",
    ),
    path("assignments/late/", api_overview.LateList.as_view(), name="assignments-late"),
    path(
        "directives/<slug:slug>/assignments/",
        api_register.DirectiveGiving.as_view(),
        name="directive-assignments",
    ),
    path(
        "directives/<slug:slug>/tasks/<slug:code>/reception-figures/",
        api_figures.DirectiveTaskFigures.as_view(),
        name="directive-task-figures",
    ),
    path(
        "directives/<slug:slug>/tasks/<slug:code>/due-date/",
        api_register.DirectiveTaskDue.as_view(),
        name="directive-task-due",
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
    path("assignments/", api_steps.AssignmentList.as_view(), name="assignments"),
    path(f"{ONE}/", api_steps.AssignmentDetail.as_view(), name="assignment"),
    path(f"{ONE}/receipt/", api_steps.AssignmentReceipt.as_view(), name="assignment-receipt"),
    path(f"{ONE}/owner/", api_steps.AssignmentOwner.as_view(), name="assignment-owner"),
    path(f"{ONE}/studies/", api_steps.AssignmentStudies.as_view(), name="assignment-studies"),
    path(
        f"{ONE}/studies/<str:study>/withdrawal/",
        api_steps.AssignmentStudyWithdrawal.as_view(),
        name="assignment-study-withdrawal",
    ),
    path(f"{ONE}/extension/", api_steps.AssignmentExtension.as_view(), name="assignment-extension"),
    path(
        f"{ONE}/extension/answer/",
        api_steps.AssignmentExtensionAnswer.as_view(),
        name="assignment-extension-answer",
    ),
    path(
        f"{ONE}/withdrawal/", api_steps.AssignmentWithdrawal.as_view(), name="assignment-withdrawal"
    ),
]

from django.urls import path

from mobilisation import api_indices, api_models
from mobilisation import api_opinions as opinions
from mobilisation import api_programmes as programmes
from mobilisation import api_rules as rules

PROGRAMME = "programmes/<str:public_id>"
OPINION = "opinion-reports/<str:public_id>"
ONE = "exemplar-register/<str:public_id>"
STEPS = {
    "change": api_models.ExemplarChange,
    "registration": api_models.ExemplarRegistration,
    "recognition": api_models.ExemplarRecognition,
    "refusal": api_models.ExemplarRefusal,
    "publication": api_models.ExemplarPublication,
    "withdrawal": api_models.ExemplarWithdrawal,
    "giving-up": api_models.ExemplarGivingUp,
    "copies": api_models.ExemplarCopies,
    "pictures": api_models.ExemplarPictures,
}
urlpatterns = [
    path("programmes/", programmes.ProgrammeList.as_view(), name="programmes"),
    path(f"{PROGRAMME}/", programmes.ProgrammeDetail.as_view(), name="programme"),
    path(f"{PROGRAMME}/change/", programmes.ProgrammeChange.as_view(), name="programme-change"),
    path(f"{PROGRAMME}/signing/", programmes.ProgrammeSigning.as_view(), name="programme-signing"),
    path(f"{PROGRAMME}/end/", programmes.ProgrammeEnd.as_view(), name="programme-end"),
    path(f"{PROGRAMME}/renewal/", programmes.ProgrammeRenewal.as_view(), name="programme-renewal"),
    path(f"{PROGRAMME}/files/", programmes.ProgrammeFiles.as_view(), name="programme-files"),
    path(
        f"{PROGRAMME}/files/<str:file>/removal/",
        programmes.ProgrammeFileRemoval.as_view(),
        name="programme-file-removal",
    ),
    path(
        f"{PROGRAMME}/activities/",
        programmes.ProgrammeActivities.as_view(),
        name="programme-activities",
    ),
    path(
        f"{PROGRAMME}/activities/<str:activity>/withdrawal/",
        programmes.ProgrammeActivityWithdrawal.as_view(),
        name="programme-activity-withdrawal",
    ),
    path("democracy-rules/", rules.DemocracyRuleList.as_view(), name="democracy-rules"),
    path(
        "democracy-rules/<str:code>/<str:kind>/",
        rules.DemocracyRuleDetail.as_view(),
        name="democracy-rule",
    ),
    path("opinion-reports/", opinions.OpinionList.as_view(), name="opinion-reports"),
    path("opinion-topics/", opinions.OpinionTopics.as_view(), name="opinion-topics"),
    path(f"{OPINION}/", opinions.OpinionDetail.as_view(), name="opinion-report"),
    path(f"{OPINION}/change/", opinions.OpinionChange.as_view(), name="opinion-report-change"),
    path(f"{OPINION}/sending/", opinions.OpinionSending.as_view(), name="opinion-report-sending"),
    path(
        f"{OPINION}/correction/",
        opinions.OpinionCorrection.as_view(),
        name="opinion-report-correction",
    ),
    path(f"{OPINION}/answer/", opinions.OpinionAnswer.as_view(), name="opinion-report-answer"),
    path("exemplars/", api_models.ExemplarList.as_view(), name="exemplars"),
    path("exemplars/<str:public_id>/", api_models.ExemplarDetail.as_view(), name="exemplar"),
    path("exemplar-register/", api_models.ExemplarRegister.as_view(), name="exemplar-register"),
    path(
        f"{ONE}/",
        api_models.ExemplarRegisterDetail.as_view(),
        name="exemplar-register-one",
    ),
    *(
        path(f"{ONE}/{step}/", view.as_view(), name=f"exemplar-{step}")
        for step, view in STEPS.items()
    ),
    path(
        f"{ONE}/pictures/<str:picture>/removal/",
        api_models.ExemplarPictureRemoval.as_view(),
        name="exemplar-picture-removal",
    ),
    path("indices/", api_indices.IndexList.as_view(), name="indices"),
]

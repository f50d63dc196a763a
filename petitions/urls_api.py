from django.urls import path

from petitions.api import views
from petitions.api.similar import CaseSimilar
from petitions.api.talk import (
    PetitionAttachments,
    PetitionMessages,
    PetitionRating,
    PetitionWithdrawal,
)

urlpatterns = [
    path("petitions/", views.PetitionList.as_view(), name="petitions"),
    path("petitions/<str:code>/", views.PetitionDetail.as_view(), name="petition"),
    path("petitions/<str:code>/messages/", PetitionMessages.as_view(), name="petition-messages"),
    path(
        "petitions/<str:code>/attachments/",
        PetitionAttachments.as_view(),
        name="petition-attachments",
    ),
    path(
        "petitions/<str:code>/withdrawal/",
        PetitionWithdrawal.as_view(),
        name="petition-withdrawal",
    ),
    path("petitions/<str:code>/rating/", PetitionRating.as_view(), name="petition-rating"),
    path("fields/", views.FieldList.as_view(), name="fields"),
    path("cases/", views.CaseList.as_view(), name="cases"),
    path("cases/search/", views.CaseSearch.as_view(), name="case-search"),
    path("cases/<str:code>/", views.CaseDetail.as_view(), name="case"),
    path("cases/<str:code>/similar/", CaseSimilar.as_view(), name="case-similar"),
    path("cases/<str:code>/events/", views.CaseEvents.as_view(), name="case-events"),
    path(
        "cases/<str:code>/available-actions/",
        views.CaseActions.as_view(),
        name="case-actions",
    ),
    path(
        "cases/<str:code>/actions/<str:action>/",
        views.CaseAction.as_view(),
        name="case-action",
    ),
    path("letters/", views.LetterList.as_view(), name="letters"),
]

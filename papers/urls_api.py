from django.urls import path

from papers import api

PAPERS = "cases/<str:code>/papers/"
urlpatterns = [
    path("papers/", api.UnitPapers.as_view(), name="papers"),
    path(PAPERS, api.CasePapers.as_view(), name="case-papers"),
    path(f"{PAPERS}<str:public_id>/", api.CasePaper.as_view(), name="case-paper"),
    path(f"{PAPERS}<str:public_id>/file/", api.CasePaperFile.as_view(), name="case-paper-file"),
    path(f"{PAPERS}<str:public_id>/word/", api.CasePaperWord.as_view(), name="case-paper-word"),
]

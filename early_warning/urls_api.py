from django.urls import path

from early_warning import api_projects, api_signals

SIGNAL, PROJECT = "warnings/<str:public_id>", "land-projects/<str:public_id>"
urlpatterns = [
    path("warnings/", api_signals.WarningList.as_view(), name="warnings"),
    path(f"{SIGNAL}/", api_signals.WarningDetail.as_view(), name="warning"),
    path(f"{SIGNAL}/owner/", api_signals.WarningOwner.as_view(), name="warning-owner"),
    path(
        f"{SIGNAL}/follow-ups/", api_signals.WarningFollowUps.as_view(), name="warning-follow-ups"
    ),
    path(f"{SIGNAL}/closure/", api_signals.WarningClosure.as_view(), name="warning-closure"),
    path(f"{SIGNAL}/reopening/", api_signals.WarningReopening.as_view(), name="warning-reopening"),
    path("warning-rules/", api_signals.WarningRules.as_view(), name="warning-rules"),
    path(
        "warning-rules/<slug:code>/change/",
        api_signals.WarningRuleChange.as_view(),
        name="warning-rule-change",
    ),
    path(
        "warning-rules/<slug:code>/trial/",
        api_signals.WarningRuleTrial.as_view(),
        name="warning-rule-trial",
    ),
    path("land-projects/", api_projects.LandProjectList.as_view(), name="land-projects"),
    path(f"{PROJECT}/", api_projects.LandProjectDetail.as_view(), name="land-project"),
    path(
        f"{PROJECT}/change/", api_projects.LandProjectChange.as_view(), name="land-project-change"
    ),
    path(
        f"{PROJECT}/stages/<slug:stage>/",
        api_projects.LandProjectStage.as_view(),
        name="land-project-stage",
    ),
    path(
        f"{PROJECT}/dialogues/",
        api_projects.LandProjectDialogues.as_view(),
        name="land-project-dialogues",
    ),
    path(
        f"{PROJECT}/dialogues/<str:dialogue>/withdrawal/",
        api_projects.LandDialogueWithdrawal.as_view(),
        name="land-project-dialogue-withdrawal",
    ),
    path(
        f"{PROJECT}/petitions/",
        api_projects.LandProjectPetitions.as_view(),
        name="land-project-petitions",
    ),
    path(
        f"{PROJECT}/petitions/removal/",
        api_projects.LandPetitionRemoval.as_view(),
        name="land-project-petition-removal",
    ),
]

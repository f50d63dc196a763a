from django.urls import path

from mobilisation import api_indices, api_models

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

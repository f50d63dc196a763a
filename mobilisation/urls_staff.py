from django.urls import path

from mobilisation import views_indices, views_models

app_name = "mobilisation_staff"
MODEL = "mo-hinh/<uuid:public_id>"
urlpatterns = [
    path("mo-hinh/", views_models.exemplars, name="exemplars"),
    path("mo-hinh/moi/", views_models.exemplar_new, name="exemplar_new"),
    path(f"{MODEL}/", views_models.exemplar, name="exemplar"),
    path(f"{MODEL}/sua/", views_models.exemplar_change, name="exemplar_change"),
    path(f"{MODEL}/anh/<uuid:picture_id>/", views_models.picture, name="picture"),
    path(f"{MODEL}/tep/<uuid:file_id>/", views_models.decision_file, name="decision_file"),
    path("chi-so/", views_indices.indices, name="indices"),
    path("chi-so/tai-ve/", views_indices.indices_export, name="indices_export"),
    path("chi-so/nhap/", views_indices.index_choose, name="index_choose"),
    path("chi-so/<slug:kind>/<int:year>/<slug:code>/", views_indices.index, name="index"),
]

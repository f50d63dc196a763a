from django.urls import path

from mobilisation import views_indices, views_public

app_name = "mobilisation"
urlpatterns = [
    path("", views_public.exemplars, name="exemplars"),
    path("chi-so/", views_indices.indices_public, name="indices"),
    path("<uuid:public_id>/", views_public.exemplar, name="exemplar"),
    path("<uuid:public_id>/anh/<uuid:picture_id>/", views_public.picture, name="picture"),
]

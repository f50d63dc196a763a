from django.urls import path

from directives import views_public

app_name = "directives"
urlpatterns = [
    path("", views_public.public_list, name="public_list"),
    path("<slug:slug>/", views_public.public_detail, name="public_detail"),
]

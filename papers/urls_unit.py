"""``/can-bo/van-ban/``: the papers of a unit."""

from django.urls import path

from papers import views_unit

app_name = "papers_unit"
urlpatterns = [path("", views_unit.paper_desk, name="list")]

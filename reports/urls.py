from django.urls import path

from reports import views, views_receptions

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("qua-han/", views.party_line, name="party_line"),
    path("tiep-dan/", views_receptions.receptions, name="receptions"),
    path("tiep-dan/tai-ve/", views_receptions.receptions_export, name="receptions_export"),
]

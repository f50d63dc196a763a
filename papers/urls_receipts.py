"""The receipt of a petition, beside the public pages of ``petitions``."""

from django.urls import path

from papers import views_receipts

app_name = "receipts"
urlpatterns = [
    path("gui-don/bien-nhan/", views_receipts.sent, name="sent"),
    path("tra-cuu/don/bien-nhan/", views_receipts.tracked, name="tracked"),
]

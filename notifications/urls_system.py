from django.urls import path

from notifications import views_system

app_name = "mailroom"
urlpatterns = [
    path("thu-khong-gui-duoc/", views_system.undelivered, name="undelivered"),
    path("thu-khong-gui-duoc/gui-lai/", views_system.resend, name="resend"),
    path("noi-dung-thong-bao/", views_system.texts, name="texts"),
    path("noi-dung-thong-bao/<slug:template>/", views_system.text, name="text"),
]

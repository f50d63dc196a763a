from django.urls import path

from accounts import views

app_name = "absences"
urlpatterns = [
    path("", views.absences, name="list"),
    path("<uuid:public_id>/ket-thuc/", views.absence_over, name="end"),
]

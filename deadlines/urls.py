from django.urls import path

from deadlines import views

app_name = "deadlines"

urlpatterns = [
    path("", views.calculator, name="calculator"),
    path("lich.ics", views.calculator_ics, name="calculator_ics"),
]

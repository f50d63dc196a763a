from django.urls import path

from escalation import views

app_name = "escalation"
urlpatterns = [
    path("", views.open_list, name="open"),
    path("<uuid:public_id>/", views.answer, name="answer"),
]

from django.urls import path

from escalation import views, views_keeping

app_name = "escalation"
urlpatterns = [
    path("", views.open_list, name="open"),
    path("quan-ly/", views_keeping.keeping, name="keeping"),
    path("quan-ly/bac-thang/", views_keeping.ladder_new, name="ladder_new"),
    path("quan-ly/bac-thang/<uuid:public_id>/", views_keeping.ladder, name="ladder"),
    path(
        "quan-ly/bac-thang/<uuid:public_id>/doi/",
        views_keeping.ladder_change,
        name="ladder_change",
    ),
    path("quan-ly/cong-tac/<uuid:public_id>/", views_keeping.switch_on, name="switch_on"),
    path("quan-ly/dung/<uuid:public_id>/", views_keeping.release, name="release"),
    path("quan-ly/lan-quet/<int:pk>/", views_keeping.run, name="run"),
    path("<uuid:public_id>/", views.answer, name="answer"),
]

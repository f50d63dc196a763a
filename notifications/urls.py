from django.urls import path

from notifications import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("chua-doc/", views.unread, name="unread"),
    path("da-doc/", views.mark_read, name="read"),
    path("cai-dat/", views.settings_page, name="settings"),
]

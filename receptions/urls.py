from django.urls import path

from receptions import (
    views,
    views_calendar,
    views_day,
    views_feeds,
    views_progress,
    views_register,
    views_widget,
)

app_name = "receptions"
urlpatterns = [
    path("", views_calendar.calendar, name="calendar"),
    path("ban-do/", views_calendar.calendar_map, name="calendar_map"),
    path("lanh-dao/<slug:code>/<slug:post>/", views_calendar.post, name="post"),
    path("lich.ics", views_feeds.calendar_ics, name="calendar_ics"),
    path("lich/<slug:code>.ics", views_feeds.unit_ics, name="unit_ics"),
    path("lich/<slug:code>/<slug:post>.ics", views_feeds.post_ics, name="post_ics"),
    path("nhung/", views_widget.widget_help, name="widget_help"),
    path("nhung/<slug:code>/", views_widget.widget, name="widget"),
    path("du-lieu/", views_widget.data, name="data"),
    path("du-lieu.json", views_feeds.data_json, name="data_json"),
    path("du-lieu.csv", views_feeds.data_csv, name="data_csv"),
    path("dang-ky/", views_register.registration_lookup, name="registration_lookup"),
    path("dang-ky/xong/", views_register.registered, name="registered"),
    path("dang-ky/xac-nhan/", views_register.confirm, name="confirm"),
    path("dang-ky/doi/", views_register.change, name="registration_change"),
    path("man-hinh/<str:token>/", views_day.screen, name="screen"),
    path(
        "dang-ky/ket-luan/<uuid:notice_id>.pdf",
        views_progress.conclusion_file,
        name="conclusion_file",
    ),
    path("<uuid:public_id>/", views.session, name="session"),
    path("<uuid:public_id>/dang-ky/", views_register.register, name="register"),
    path("<uuid:public_id>/giu-cho/", views_register.hold, name="hold"),
    path("<uuid:public_id>.ics", views_feeds.session_ics, name="session_ics"),
]

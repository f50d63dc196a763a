from django.urls import path

from directives import views_breakdown, views_register, views_staff

app_name = "directives_staff"
urlpatterns = [
    path("", views_register.register, name="list"),
    path("moi/", views_register.register_new, name="register_new"),
    path("viec/<uuid:public_id>/", views_staff.assignment, name="assignment"),
    path("viec/<uuid:public_id>/bao-cao/", views_staff.report, name="report"),
    path("viec/<uuid:public_id>/ke-hoach/", views_staff.plan, name="plan"),
    path("viec/<uuid:public_id>/tra-loi/", views_staff.review, name="review"),
    path("<slug:slug>/sua/", views_register.register_change, name="register_change"),
    path("<slug:slug>/ho-so/", views_register.record, name="record"),
    path("<slug:slug>/tep/<uuid:file_id>/", views_register.record_file, name="record_file"),
    path("<slug:slug>/noi-dung/", views_breakdown.content, name="content"),
    path("<slug:slug>/nhom-moi/", views_breakdown.group_new, name="group_new"),
    path("<slug:slug>/nhom/<slug:code>/", views_breakdown.group, name="group"),
    path("<slug:slug>/nhom/<slug:code>/viec-moi/", views_breakdown.task_new, name="task_new"),
    path("<slug:slug>/nhiem-vu/<slug:code>/", views_breakdown.task, name="task"),
    path("<slug:slug>/giao/", views_breakdown.assign, name="assign"),
    path("<slug:slug>/", views_staff.detail, name="detail"),
    path("<slug:slug>/<slug:code>/", views_staff.unit, name="unit"),
]

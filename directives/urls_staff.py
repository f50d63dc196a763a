from django.urls import path

from directives import views_assignment, views_desk, views_staff

app_name = "directives_staff"
TASK = "viec/<uuid:public_id>"
STEPS = {
    "receive": "ghi-nhan",
    "owner": "phu-trach",
    "report": "bao-cao",
    "plan": "ke-hoach",
    "study": "hoc-tap",
    "study_withdraw": "hoc-tap/huy",
    "extension": "gia-han",
    "extension_answer": "gia-han/tra-loi",
    "review": "tra-loi",
    "withdraw": "thu-hoi",
}
urlpatterns = [
    path("", views_staff.directive_list, name="list"),
    path("viec-duoc-giao/", views_desk.desk, name="desk"),
    path("cho-xem-xet/", views_desk.waiting, name="waiting"),
    path(f"{TASK}/", views_assignment.assignment, name="assignment"),
    path(f"{TASK}/tep/<uuid:file_id>/", views_assignment.file, name="file"),
    *(
        path(f"{TASK}/{address}/", views_assignment.step, {"name": name}, name=name)
        for name, address in STEPS.items()
    ),
    path("<slug:slug>/", views_staff.detail, name="detail"),
    path("<slug:slug>/<slug:code>/", views_staff.unit, name="unit"),
]

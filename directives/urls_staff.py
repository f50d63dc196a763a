from django.urls import path

from directives import (
    urls_overview,
    views_assignment,
    views_breakdown,
    views_desk,
    views_exports,
    views_figures,
    views_giving,
    views_imports,
    views_register,
    views_said,
    views_staff,
    views_waiting,
)

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
    path("", views_register.register, name="list"),
    path("moi/", views_register.register_new, name="register_new"),
    path("viec-duoc-giao/", views_desk.desk, name="desk"),
    *urls_overview.urlpatterns,
    path("tai-ve/", views_exports.register, name="export_register"),
    path("viec-duoc-giao/tai-ve/", views_exports.desk, name="export_desk"),
    path("cho-xem-xet/", views_waiting.waiting, name="waiting"),
    path(f"{TASK}/", views_assignment.assignment, name="assignment"),
    path(f"{TASK}/tep/<uuid:file_id>/", views_assignment.file, name="file"),
    *(
        path(f"{TASK}/{address}/", views_assignment.step, {"name": name}, name=name)
        for name, address in STEPS.items()
    ),
    path("<slug:slug>/sua/", views_register.register_change, name="register_change"),
    path("<slug:slug>/ho-so/", views_register.record, name="record"),
    path("<slug:slug>/tep/<uuid:file_id>/", views_register.record_file, name="record_file"),
    path("<slug:slug>/noi-dung/", views_breakdown.content, name="content"),
    path("<slug:slug>/nhom-moi/", views_breakdown.group_new, name="group_new"),
    path("<slug:slug>/nhom/<slug:code>/", views_breakdown.group, name="group"),
    path("<slug:slug>/nhom/<slug:code>/viec-moi/", views_breakdown.task_new, name="task_new"),
    path("<slug:slug>/nhiem-vu/<slug:code>/", views_breakdown.task, name="task"),
    path("<slug:slug>/nhiem-vu/<slug:code>/thoi-han/", views_giving.task_due, name="task_due"),
    path(
        "<slug:slug>/nhiem-vu/<slug:code>/so-lieu/",
        views_figures.task_figures_page,
        name="task_figures",
    ),
    path(
        "<slug:slug>/nhiem-vu/<slug:code>/so-lieu/tai-ve/",
        views_figures.task_figures_export,
        name="task_figures_export",
    ),
    path("<slug:slug>/giao/", views_giving.assign, name="assign"),
    path("<slug:slug>/hoc-tap/", views_said.studies, name="studies"),
    path("<slug:slug>/hoc-tap/tai-ve/", views_said.studies_export, name="studies_export"),
    path("<slug:slug>/noi-dung/tai-ve/", views_exports.content, name="export_content"),
    path("<slug:slug>/giao/tai-ve/", views_exports.assignments, name="export_assignments"),
    path("<slug:slug>/nhap-tep/", views_imports.imports, name="imports"),
    path("<slug:slug>/nhap-tep/mau/", views_imports.template, name="import_template"),
    path("<slug:slug>/nhap-tep/<uuid:public_id>/", views_imports.one, name="import"),
    path("<slug:slug>/", views_staff.detail, name="detail"),
    path("<slug:slug>/<slug:code>/", views_staff.unit, name="unit"),
]

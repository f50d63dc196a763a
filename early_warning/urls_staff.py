from django.urls import path

from early_warning import views_exports, views_project, views_projects, views_rules, views_signals

app_name = "early_warning_staff"
SIGNAL, PROJECT = "tin-hieu/<uuid:public_id>", "du-an/<uuid:public_id>"
SIGNAL_STEPS = {
    "appoint": "phan-cong",
    "follow": "theo-doi",
    "close": "ket-thuc",
    "reopen": "mo-lai",
}
PROJECT_STEPS = {
    "dialogue": "doi-thoai",
    "dialogue_withdraw": "doi-thoai/huy",
    "link": "don",
    "unlink": "don/go",
}
urlpatterns = [
    path("", views_signals.signals, name="list"),
    path("tai-ve/", views_exports.signals, name="signals_export"),
    path(f"{SIGNAL}/", views_signals.signal, name="signal"),
    *(
        path(f"{SIGNAL}/{address}/", views_signals.step, {"name": name}, name=name)
        for name, address in SIGNAL_STEPS.items()
    ),
    path("quy-tac/", views_rules.rules, name="rules"),
    path("quy-tac/<slug:code>/", views_rules.rule, name="rule"),
    path("du-an/", views_projects.projects, name="projects"),
    path("du-an/tai-ve/", views_exports.projects, name="projects_export"),
    path("du-an/moi/", views_projects.project_new, name="project_new"),
    path(f"{PROJECT}/", views_project.project, name="project"),
    path(f"{PROJECT}/sua/", views_projects.project_edit, name="project_edit"),
    path(f"{PROJECT}/buoc/<slug:code>/", views_projects.stage, name="stage"),
    path(f"{PROJECT}/tep/<uuid:file_id>/", views_projects.file, name="file"),
    *(
        path(f"{PROJECT}/{address}/", views_project.step, {"name": name}, name=name)
        for name, address in PROJECT_STEPS.items()
    ),
]

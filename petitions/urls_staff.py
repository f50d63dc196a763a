from django.urls import path

from petitions.staff import (
    climbing,
    export,
    finding,
    many,
    openings,
    redaction,
    redaction_files,
    renewing,
    routing,
    talk,
    views,
)

app_name = "cases"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("vu-viec/", views.inbox, name="inbox"),
    path("vu-viec/nhieu/", many.bulk, name="bulk"),
    path("vu-viec/tim-nguoi/", many.person_search, name="person_search"),
    path("vu-viec/tim-nguoi/mat/", finding.denouncer_search, name="denouncer_search"),
    path("vu-viec/tai-ve/", export.export, name="export"),
    path("vu-viec/bo-loc/", many.filter_new, name="filter_new"),
    path("vu-viec/bo-loc/<int:pk>/", many.filter_change, name="filter_change"),
    path("vu-viec/bo-loc/<int:pk>/xoa/", many.filter_gone, name="filter_gone"),
    path("vu-viec/<str:code>/", views.case_page, name="case"),
    path("vu-viec/<str:code>/bao-cao-len/", climbing.ladder, name="ladder"),
    path("vu-viec/<str:code>/buoc/<slug:action>/", views.action, name="action"),
    path("vu-viec/<str:code>/danh-tinh/<int:number>/", views.identity, name="identity"),
    path("vu-viec/<str:code>/cap-lai-ma/", renewing.renew, name="renew"),
    path("vu-viec/<str:code>/tep/<uuid:public_id>/", views.attachment, name="attachment"),
    path("vu-viec/<str:code>/trao-doi/", talk.write, name="write"),
    path(
        "vu-viec/<str:code>/trao-doi/tep/<uuid:public_id>/", talk.message_file, name="message_file"
    ),
    path("mo-danh-tinh/", openings.openings, name="openings"),
    path("vu-viec/<str:code>/ban-che/<str:letter>/", redaction.redaction, name="redaction"),
    path(
        "vu-viec/<str:code>/ban-che/<str:letter>/noi-dung/",
        redaction.redaction_text,
        name="redaction_text",
    ),
    path(
        "vu-viec/<str:code>/ban-che/<str:letter>/tep/<uuid:public_id>/",
        redaction_files.redaction_file,
        name="redaction_file",
    ),
    path(
        "vu-viec/<str:code>/ban-che/<str:letter>/tep/<uuid:public_id>/trang/<int:page>/",
        redaction_files.redaction_page,
        name="redaction_page",
    ),
    path(
        "vu-viec/<str:code>/ban-che/<str:letter>/phat-hanh/",
        redaction.redaction_check,
        name="redaction_check",
    ),
    path(
        "vu-viec/<str:code>/ban-che/<str:letter>/thu-hoi/",
        redaction.redaction_withdrawal,
        name="redaction_withdrawal",
    ),
    path(
        "vu-viec/<str:code>/tep-da-che/<uuid:public_id>/",
        redaction_files.redacted_file,
        name="redacted_file",
    ),
    path("phan-cong/", routing.rules, name="routing"),
    path("phan-cong/<int:pk>/", routing.rule_change, name="rule_change"),
    path("don/moi/", views.letter_new, name="letter_new"),
]

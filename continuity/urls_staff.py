from django.urls import path

from continuity import views_board, views_reforms

app_name = "continuity_staff"
ONE = "sap-xep/<uuid:public_id>"
urlpatterns = [
    path("", views_board.board, name="board"),
    path("tai-ve/", views_board.export, name="board_export"),
    path("nhac/", views_board.urge, name="urge"),
    path("sap-xep/", views_reforms.reforms, name="reforms"),
    path("sap-xep/moi/", views_reforms.reform_new, name="reform_new"),
    path(f"{ONE}/", views_reforms.reform, name="reform"),
    path(f"{ONE}/sua/", views_reforms.reform_change, name="reform_change"),
    path(f"{ONE}/lua-chon/", views_reforms.choose, name="reform_choose"),
    path(f"{ONE}/trinh/", views_reforms.submit, name="reform_submit"),
    path(f"{ONE}/duyet/", views_reforms.approve, name="reform_approve"),
    path(f"{ONE}/tra-lai/", views_reforms.give_back, name="reform_give_back"),
    path(f"{ONE}/huy/", views_reforms.cancel, name="reform_cancel"),
    path(f"{ONE}/tep/", views_reforms.file, name="reform_file"),
]

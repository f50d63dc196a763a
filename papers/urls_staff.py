from django.urls import path

from papers import views, views_receipts

app_name = "papers_staff"
PAPER = "<str:code>/van-ban/<uuid:public_id>/"
urlpatterns = [
    path("<str:code>/bien-nhan/<str:letter>/", views_receipts.at_counter, name="receipt"),
    path("<str:code>/van-ban/", views.paper_list, name="list"),
    path("<str:code>/van-ban/moi/", views.paper_new, name="new"),
    path("<str:code>/van-ban/mau/<slug:blank>/", views.blank_download, name="blank"),
    path(PAPER, views.paper_page, name="paper"),
    path(f"{PAPER}sua/", views.paper_change, name="edit"),
    path(f"{PAPER}tep/", views.paper_download, name="file"),
    path(f"{PAPER}tep-word/", views.paper_download_word, name="word"),
    path(f"{PAPER}<slug:step>/", views.paper_step, name="step"),
]

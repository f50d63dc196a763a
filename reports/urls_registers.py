from django.urls import path

from reports import views_batches, views_prints, views_registers

app_name = "registers"
ONE = "theo-thang/<uuid:public_id>/"
urlpatterns = [
    path("", views_registers.home, name="home"),
    path("in-van-ban/", views_prints.prints, name="prints"),
    path("theo-thang/", views_batches.batches, name="batches"),
    path(ONE, views_batches.batch, name="batch"),
    path(f"{ONE}<int:number>/", views_batches.batch_file, name="batch_file"),
    path("<slug:slug>/", views_registers.book, name="book"),
    path("<slug:slug>/tai-ve/", views_registers.book_file, name="book_file"),
]

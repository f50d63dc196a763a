from django.urls import path

from attachments.api import UploadList

urlpatterns = [path("uploads/", UploadList.as_view(), name="uploads")]

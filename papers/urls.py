from django.urls import path

from papers import public

app_name = "papers"
urlpatterns = [path("<str:code>/", public.verify, name="verify")]

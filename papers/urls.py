from django.urls import path

from papers import public

app_name = "papers"
urlpatterns = [
    path("", public.ask, name="ask"),
    path("<str:code>/", public.verify, name="verify"),
]

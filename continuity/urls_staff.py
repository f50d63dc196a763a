from django.urls import URLPattern

app_name = "continuity_staff"
urlpatterns: list[URLPattern] = []

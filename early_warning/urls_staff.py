from django.urls import URLPattern

app_name = "early_warning_staff"
urlpatterns: list[URLPattern] = []

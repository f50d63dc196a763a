from django.urls import URLPattern

app_name = "mobilisation_staff"
urlpatterns: list[URLPattern] = []

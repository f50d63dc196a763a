from django.urls import path

from reports import api, api_registers

urlpatterns = [
    path("overview/", api.Overview.as_view(), name="overview"),
    path("registers/<slug:code>/", api_registers.RegisterRows.as_view(), name="register-rows"),
    path(
        "reception-registers/<slug:code>/",
        api_registers.ReceptionRegisterRows.as_view(),
        name="reception-register-rows",
    ),
]

from django.urls import path

from accounts import views_people, views_powers

app_name = "powers"
urlpatterns = [
    path("nang-quyen/", views_powers.elevation, name="elevation"),
    path("nang-quyen/ket-thuc/", views_powers.elevation_over, name="elevation_over"),
    path("nang-quyen/danh-sach/", views_powers.elevations, name="elevations"),
    path("uy-quyen/", views_powers.delegations, name="delegations"),
    path("uy-quyen/<str:code>/moi/", views_powers.delegation_new, name="delegation_new"),
    path(
        "uy-quyen/<uuid:public_id>/thu-hoi/", views_powers.delegation_gone, name="delegation_gone"
    ),
    path("don-vi/", views_powers.unit_people, name="unit_people"),
    path("can-bo/", views_people.people, name="people"),
    path("can-bo/mo-tai-khoan/", views_people.account_new, name="account_new"),
    path("can-bo/<str:token>/", views_people.person, name="person"),
    path("can-bo/<str:token>/lam/", views_people.person_do, name="person_do"),
    path("can-bo/<str:token>/vai-tro/<str:held>/", views_people.role_end, name="role_end"),
]

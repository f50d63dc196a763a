from django.urls import path

from mobilisation import (
    views_exports,
    views_hub,
    views_indices,
    views_models,
    views_opinions,
    views_programmes,
    views_rules,
)

app_name = "mobilisation_staff"
PROGRAMME = "chuong-trinh/<uuid:public_id>"
RULE = "quy-che/<str:code>/<slug:kind>"
OPINION = "tinh-hinh/<uuid:public_id>"
MODEL = "mo-hinh/<uuid:public_id>"
urlpatterns = [
    path("", views_hub.hub, name="hub"),
    path("chuong-trinh/", views_programmes.programmes, name="programmes"),
    path("chuong-trinh/tai-ve/", views_exports.programmes, name="programmes_export"),
    path("chuong-trinh/moi/", views_programmes.programme_new, name="programme_new"),
    path(f"{PROGRAMME}/", views_programmes.programme, name="programme"),
    path(f"{PROGRAMME}/sua/", views_programmes.programme_change, name="programme_change"),
    path(
        f"{PROGRAMME}/tep/<uuid:file_id>/", views_programmes.programme_file, name="programme_file"
    ),
    path("quy-che/", views_rules.rules, name="rules"),
    path("quy-che/tai-ve/", views_exports.rules, name="rules_export"),
    path("quy-che/<str:code>/", views_rules.rules_unit, name="rules_unit"),
    path(f"{RULE}/", views_rules.rule, name="rule"),
    path(f"{RULE}/tep/<uuid:file_id>/", views_rules.rule_file, name="rule_file"),
    path("tinh-hinh/", views_opinions.opinions, name="opinions"),
    path("tinh-hinh/linh-vuc/", views_opinions.opinion_topics, name="opinion_topics"),
    path("tinh-hinh/tai-ve/", views_exports.opinions, name="opinions_export"),
    path("tinh-hinh/moi/", views_opinions.opinion_new, name="opinion_new"),
    path(f"{OPINION}/", views_opinions.opinion, name="opinion"),
    path(f"{OPINION}/sua/", views_opinions.opinion_change, name="opinion_change"),
    path(f"{OPINION}/tep/<uuid:file_id>/", views_opinions.opinion_file, name="opinion_file"),
    path("mo-hinh/", views_models.exemplars, name="exemplars"),
    path("mo-hinh/tai-ve/", views_exports.exemplars, name="exemplars_export"),
    path("mo-hinh/moi/", views_models.exemplar_new, name="exemplar_new"),
    path(f"{MODEL}/", views_models.exemplar, name="exemplar"),
    path(f"{MODEL}/sua/", views_models.exemplar_change, name="exemplar_change"),
    path(f"{MODEL}/anh/<uuid:picture_id>/", views_models.picture, name="picture"),
    path(f"{MODEL}/tep/<uuid:file_id>/", views_models.decision_file, name="decision_file"),
    path("chi-so/", views_indices.indices, name="indices"),
    path("chi-so/tai-ve/", views_indices.indices_export, name="indices_export"),
    path("chi-so/nhap/", views_indices.index_choose, name="index_choose"),
    path("chi-so/<slug:kind>/<int:year>/<slug:code>/", views_indices.index, name="index"),
]

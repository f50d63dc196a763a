"""Every address of the portal. Paths are Vietnamese without accents."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from common.api import UnknownPath
from hanoi_portal import health, views, views_history, views_jobs

handler429 = views.too_many_sign_ins  # called by allauth

api = [
    path("", include("petitions.urls_api")),
    path("", include("papers.urls_api")),
    path("", include("attachments.urls_api")),
    path("", include("communes.urls_api")),
    path("", include("deadlines.urls_api")),
    path("", include("receptions.urls_api")),
    path("", include("directives.urls_api")),
    path("", include("mobilisation.urls_api")),
    path("", include("early_warning.urls_api")),
    path("", include("continuity.urls_api")),
    path("", include("escalation.urls_api")),
    path("", include("reports.urls_api")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("tro-giup/", views.help_page, name="help"),
    path("du-lieu-ca-nhan/", views.privacy, name="privacy"),
    path("kha-nang-tiep-can/", views.accessibility, name="accessibility"),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
    path("", include("papers.urls_receipts")),
    path("", include("petitions.urls")),
    path("xac-thuc/", include("papers.urls")),
    path("lich-tiep-dan/", include("receptions.urls")),
    path("don-vi/", include("communes.urls")),
    path("thoi-han/", include("deadlines.urls")),
    path("chi-dao/", include("directives.urls")),
    path("dan-van-kheo/", include("mobilisation.urls")),
    path("can-bo/", include("petitions.urls_staff")),
    path("can-bo/vu-viec/", include("papers.urls_staff")),
    path("can-bo/van-ban/", include("papers.urls_unit")),
    path("can-bo/vang-mat/", include("accounts.urls_staff")),
    path("can-bo/quyen/", include("accounts.urls_powers")),
    path("can-bo/thong-bao/", include("notifications.urls")),
    path("can-bo/he-thong/", include("notifications.urls_system")),
    path("can-bo/leo-thang/", include("escalation.urls")),
    path("can-bo/tiep-dan/", include("receptions.urls_staff")),
    path("can-bo/chi-dao/", include("directives.urls_staff")),
    path("can-bo/dan-van/", include("mobilisation.urls_staff")),
    path("can-bo/canh-bao-som/", include("early_warning.urls_staff")),
    path("can-bo/lien-tuc/", include("continuity.urls_staff")),
    path("can-bo/tong-quan/", include("reports.urls")),
    path("can-bo/so/", include("reports.urls_registers")),
    path("can-bo/he-thong/cong-viec/", views_jobs.jobs, name="system_jobs"),
    path("can-bo/he-thong/lich-su/", views_history.roots, name="system_roots"),
    path("can-bo/he-thong/lich-su/tep/", views_history.roots_file, name="system_roots_file"),
    path("can-bo/he-thong/thay-doi/", views_history.changes, name="system_changes"),
    path("tai-khoan/", include("accounts.urls")),
    path("quan-tri/", admin.site.urls),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("health/jobs/", health.jobs, name="health_jobs"),
    path("api/v1/", include((api, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    # Last. Paths without a final slash stay out: Django sends them to the one with it.
    re_path(r"^api/(?:.*/)?$", UnknownPath.as_view(), name="api_unknown"),
]

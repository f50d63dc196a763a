"""Pages of citizens. Staff pages are in ``urls_staff``."""

from django.urls import path

from petitions.public import leave, paper, recovery, sent, talk, track, wizard

app_name = "petitions"
urlpatterns = [
    path("gui-don/", wizard.file_start, name="file_start"),
    path("gui-don/xong/", sent.file_done, name="file_done"),
    path("gui-don/tiep-dan/", sent.file_to_reception, name="file_to_reception"),
    path("gui-don/mau-don/", sent.denunciation_form, name="denunciation_form"),
    path("gui-don/ban-in/", paper.paper_form, name="paper_form"),
    path("gui-don/tiep-tuc/", wizard.draft_resume, name="draft_resume"),
    path("gui-don/xoa-nhap/", wizard.draft_drop, name="draft_discard"),
    path("gui-don/xoa-tep/", wizard.attachment_remove, name="attachment_remove"),
    path("gui-don/<slug:step>/", wizard.file_step, name="file_step"),
    path("tra-cuu/", track.track, name="track"),
    path("tra-cuu/mat-ma/", recovery.lost, name="lost"),
    path("tra-cuu/mat-ma/xac-nhan/", recovery.lost_code, name="lost_code"),
    path("tra-cuu/mat-ma/chon/", recovery.lost_letters, name="lost_letters"),
    path("tra-cuu/don/", track.track_view, name="track_view"),
    path("tra-cuu/don/doc/", talk.track_read, name="track_read"),
    path("tra-cuu/don/gui/", talk.track_write, name="track_write"),
    path("tra-cuu/don/danh-gia/", talk.track_rate, name="track_rate"),
    path("tra-cuu/qr/<str:code>.svg", sent.receipt_qr, name="receipt_qr"),
    path("roi-trang/", leave.track_leave, name="track_leave"),
    path("roi-trang/giai-thich/", leave.leave_explained, name="leave_explained"),
]

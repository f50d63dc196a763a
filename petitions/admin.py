from django.contrib import admin

from common.admin import ReferenceAdmin
from petitions.models import SubjectField


@admin.register(SubjectField)
class SubjectFieldAdmin(ReferenceAdmin):
    list_display = ("code", "label_vi", "leaf_complaint", "leaf_denunciation")

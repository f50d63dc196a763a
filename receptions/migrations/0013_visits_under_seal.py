"""What was said of a denunciation goes under seal; a sparse record stands beside the name."""

from django.db import migrations, models
from django.utils import timezone

HIDDEN = ("said", "content", "kind", "handled_before", "note", "conclusion")
DENUNCIATION = "denunciation"
SAID = "Công dân trình bày vụ việc."
CONCLUDED = "Giao {unit} xem xét, trả lời công dân theo quy định."

TOPIC = "Sẽ trình bày trực tiếp tại buổi tiếp"
OUTCOMES = {
    "answered": "trả lời tại chỗ",
    "taken_in": "tiếp nhận, trả lời sau",
    "guided": "hướng dẫn đến cơ quan có thẩm quyền",
    "forwarded": "chuyển đến cơ quan có thẩm quyền",
    "conclusion": "kết luận có giao việc",
}


def seal(apps, schema_editor):
    """Records of denunciations get the words of a sparse record; what became one has them."""
    visits = apps.get_model("receptions", "VisitRecord").objects
    became = visits.filter(case__kind=DENUNCIATION)
    became.filter(kind=DENUNCIATION).update(kind="")
    # Whatever was signed or issued until now is from before.
    moment = timezone.now()
    became.update(sealed_at=moment)
    rows = visits.filter(kind=DENUNCIATION).select_related("registration", "responsible_unit")
    for visit in rows.iterator(chunk_size=500):
        row = visit.registration
        visit.sealed_words = {name: getattr(visit, name) for name in HIDDEN} | {"topic": row.topic}
        visit.sealed_at = moment
        concluded = ""
        if visit.outcome == "conclusion" and visit.responsible_unit is not None:
            concluded = CONCLUDED.format(unit=visit.responsible_unit.full_name)
        for name in HIDDEN:
            setattr(visit, name, "")
        visit.said, visit.conclusion = SAID, concluded
        visit.save()
        row.topic = ""
        row.save(update_fields=["topic"])
        drafts = apps.get_model("receptions", "ConclusionNotice").objects
        drafts.filter(visit=visit, state="draft").update(is_sealed=True)
        minutes_write(apps, visit)


def minutes_write(apps, visit):
    """Minutes that both sides have not signed are those of the record as it stands now; a word that
    one side gave no longer holds. The version stays: it counts the events of the history."""
    minutes = apps.get_model("receptions", "Minutes").objects.filter(visit=visit)
    signed = models.Q(receiver_signed_at__isnull=False) & ~models.Q(visitor_signed="")
    minutes.exclude(signed).update(
        text=minutes_text(visit),
        receiver=None,
        receiver_signed_at=None,
        visitor_signed="",
        visitor_note="",
        visitor_signed_at=None,
    )


def minutes_text(visit):
    """As the service drafts them of a record without words."""
    person, unit = visit.responsible_person, visit.responsible_unit
    agreed = [f"Kết quả: {OUTCOMES[visit.outcome]}.", visit.conclusion]
    if unit is not None:
        agreed.append(f"Đơn vị thực hiện: {unit.full_name}{f', {person}' if person else ''}.")
    elif person:
        agreed.append(f"Đầu mối liên hệ: {person}.")
    if visit.due_on is not None:
        agreed.append(f"Thời hạn: {visit.due_on:%d/%m/%Y}.")
    parts = (
        f"Số người: {max(visit.people, visit.registration.people)}.",
        f"Nội dung trình bày: {TOPIC}",
        f"Diễn biến buổi tiếp: {visit.said}",
        "\n".join(line for line in agreed if line),
    )
    return "\n\n".join(parts)


def unseal(apps, schema_editor):
    visits = apps.get_model("receptions", "VisitRecord").objects.exclude(sealed_words={})
    for visit in visits.select_related("registration").iterator(chunk_size=500):
        for name in HIDDEN:
            setattr(visit, name, visit.sealed_words.get(name, getattr(visit, name)))
        visit.registration.topic = visit.sealed_words.get("topic", "")
        visit.registration.save(update_fields=["topic"])
        visit.sealed_words = {}
        visit.save()


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0001_initial"),
        ("receptions", "0012_late_and_days_off"),
    ]

    operations = [
        migrations.AddField("conclusionnotice", "is_sealed", models.BooleanField(default=False)),
        migrations.AddField(
            "visitrecord", "sealed_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "visitrecord", "sealed_words", models.JSONField(blank=True, default=dict)
        ),
        migrations.RunPython(seal, unseal, elidable=True),
        migrations.AddConstraint(
            "visitrecord",
            models.CheckConstraint(
                condition=~models.Q(kind=DENUNCIATION),
                name="visit_kind_tells_of_no_denunciation",
            ),
        ),
        migrations.AddConstraint(
            "visitrecord",
            models.CheckConstraint(
                condition=models.Q(sealed_words={}) | models.Q(sealed_at__isnull=False),
                name="visit_sealed_has_moment",
            ),
        ),
    ]

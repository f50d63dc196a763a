"""Every state of the law: links, forwardings, and the trigger that holds the workflow table.

New columns are empty and the checks read the case table once each; nothing is rewritten.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("communes", "0003_working_hours"),
        ("petitions", "0003_similarity"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("duplicate_of", "the same letter of the same person as"),
                            ("repeat_of", "another letter of the same person on the matter of"),
                            ("same_matter", "by other people on the same matter as"),
                            ("second_instance_of", "the second complaint against the result of"),
                            ("further_of", "a further denunciation after"),
                            ("grew_out_of", "grown out of"),
                            ("split_from", "split off from the letter of"),
                            ("forwarded_from", "forwarded from"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Forwarding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hop", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "return_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_competent", "the receiver is not competent"),
                            ("forwarded_before", "the same content was forwarded before"),
                            ("incomplete", "papers of the file are missing"),
                            ("unreadable", "torn or illegible"),
                        ],
                        max_length=20,
                    ),
                ),
                ("return_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_closed_has_moment",
        ),
        migrations.AddField(
            model_name="case",
            name="forwarded_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communes.unit",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="petitions.case",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="petitions.letter",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="field",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="petitions.subjectfield",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="status",
            field=models.CharField(
                choices=[
                    ("submitted", "Sent, waiting to be taken in"),
                    ("received", "Received"),
                    ("awaiting_supplement", "Supplement requested"),
                    ("classifying", "Being classified"),
                    ("duplicate", "Duplicate, joined to another case"),
                    ("proposed", "Proposal with the head"),
                    ("guided", "Guided to the competent body"),
                    ("forwarded", "Forwarded, not yet accepted"),
                    ("awaiting_receiver", "Waiting for the receiver's result"),
                    ("urged", "Urged"),
                    ("returned", "Returned to the body that sent it"),
                    ("filed_away", "Filed without handling"),
                    ("declined", "Not accepted"),
                    ("referred_to_investigation", "Sent to the investigation body"),
                    ("accepted", "Accepted"),
                    ("verifying", "Being verified"),
                    ("dialogue", "Dialogue held"),
                    ("suspended", "Suspended"),
                    ("terminated", "Terminated"),
                    ("outcome_drafted", "Draft result with the head"),
                    ("decided", "Decided"),
                    ("notified", "Result sent"),
                    ("published", "Result published"),
                    ("acting_on_conclusion", "Acting on the conclusion"),
                    ("in_force", "Decision in force"),
                    ("enforcing", "Being carried out"),
                    ("enforced", "Carried out"),
                    ("second_instance", "Complained about a second time"),
                    ("further_denunciation", "Denounced further"),
                    ("in_court", "Before the court"),
                    ("taken_over", "Taken over by the superior"),
                    ("closed", "Closed"),
                ],
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="communes.unit",
            ),
        ),
        migrations.AlterField(
            model_name="caseclock",
            name="stage",
            field=models.CharField(
                choices=[
                    ("acceptance", "first answer"),
                    ("notice", "notice of what happens"),
                    ("forwarding", "sending on to the competent body"),
                    ("review", "review of a further denunciation"),
                    ("resolution", "result"),
                    ("decision_sent", "sending the result"),
                    ("publication", "publication"),
                    ("handling_of_conclusion", "acting on the conclusion"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="channel",
            field=models.CharField(
                choices=[
                    ("online", "online"),
                    ("paper", "on paper"),
                    ("reception", "at a reception"),
                    ("forwarded", "from another body"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="letterattachment",
            name="attachment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="attachments.attachment"
            ),
        ),
        migrations.AlterField(
            model_name="outcome",
            name="ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("internal_decision", "internal or normative decision"),
                    ("no_direct_effect", "no direct effect on the complainant's rights"),
                    ("no_capacity", "no legal capacity and no lawful representative"),
                    ("representative_unlawful", "the representative is not lawful"),
                    ("unsigned", "no signature or fingerprint"),
                    ("time_bar", "time bar or time limit passed without good reason"),
                    ("second_decision", "a second-instance decision exists"),
                    ("terminated", "terminated and not resumed within 30 days"),
                    ("in_court", "accepted or decided by a court"),
                    ("no_basis", "no basis to identify the violator or the violation"),
                    (
                        "no_new_evidence",
                        "grew out of a resolved complaint, without evidence against who resolved it",
                    ),
                    ("already_answered", "answered before, and nothing new is brought"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="outcome",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decision", "decision on the complaint"),
                    ("conclusion", "conclusion on the denunciation"),
                    ("reply", "written reply"),
                    ("refusal", "notice of refusal"),
                    ("guidance", "letter of guidance"),
                    ("return", "letter of return"),
                    ("forwarding", "forwarding slip"),
                    ("urging", "urging letter"),
                    ("result", "result of the receiving body"),
                    ("publication", "published text"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("internal_decision", "internal or normative decision"),
                    ("no_direct_effect", "no direct effect on the complainant's rights"),
                    ("no_capacity", "no legal capacity and no lawful representative"),
                    ("representative_unlawful", "the representative is not lawful"),
                    ("unsigned", "no signature or fingerprint"),
                    ("time_bar", "time bar or time limit passed without good reason"),
                    ("second_decision", "a second-instance decision exists"),
                    ("terminated", "terminated and not resumed within 30 days"),
                    ("in_court", "accepted or decided by a court"),
                    ("no_basis", "no basis to identify the violator or the violation"),
                    (
                        "no_new_evidence",
                        "grew out of a resolved complaint, without evidence against who resolved it",
                    ),
                    ("already_answered", "answered before, and nothing new is brought"),
                    ("done", "the result was carried out"),
                    ("nothing_to_do", "the result asks for nothing to be carried out"),
                    ("final", "final by law: reviewed, explained and told in writing"),
                    ("elsewhere", "goes on at another body or the court"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("forwarded_to__isnull", False)),
                fields=["forwarded_to"],
                name="case_forwarded_to",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="status_follows_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."kind" IS DISTINCT FROM (NEW."kind"))',
                    func="\n            IF OLD.kind IS DISTINCT FROM NEW.kind\n                OR NEW.kind || ' ' || OLD.status || ' ' || NEW.status NOT IN (\n                'complaint accepted in_court',\n'complaint accepted second_instance',\n'complaint accepted suspended',\n'complaint accepted terminated',\n'complaint accepted verifying',\n'complaint acting_on_conclusion closed',\n'complaint acting_on_conclusion enforcing',\n'complaint acting_on_conclusion published',\n'complaint awaiting_receiver notified',\n'complaint awaiting_receiver urged',\n'complaint awaiting_supplement classifying',\n'complaint classifying awaiting_supplement',\n'complaint classifying classifying',\n'complaint classifying duplicate',\n'complaint classifying proposed',\n'complaint decided notified',\n'complaint declined in_court',\n'complaint dialogue in_court',\n'complaint dialogue outcome_drafted',\n'complaint dialogue second_instance',\n'complaint dialogue suspended',\n'complaint dialogue terminated',\n'complaint dialogue verifying',\n'complaint enforced closed',\n'complaint enforcing enforced',\n'complaint further_denunciation closed',\n'complaint in_court closed',\n'complaint in_force closed',\n'complaint in_force enforcing',\n'complaint in_force in_court',\n'complaint notified closed',\n'complaint notified in_court',\n'complaint notified in_force',\n'complaint notified published',\n'complaint notified second_instance',\n'complaint outcome_drafted decided',\n'complaint outcome_drafted in_court',\n'complaint outcome_drafted second_instance',\n'complaint outcome_drafted verifying',\n'complaint proposed accepted',\n'complaint proposed classifying',\n'complaint proposed declined',\n'complaint proposed filed_away',\n'complaint proposed guided',\n'complaint proposed returned',\n'complaint proposed urged',\n'complaint published closed',\n'complaint published in_court',\n'complaint published in_force',\n'complaint published second_instance',\n'complaint received awaiting_supplement',\n'complaint received classifying',\n'complaint received duplicate',\n'complaint received proposed',\n'complaint second_instance closed',\n'complaint submitted received',\n'complaint suspended terminated',\n'complaint suspended verifying',\n'complaint taken_over accepted',\n'complaint terminated accepted',\n'complaint urged notified',\n'complaint urged urged',\n'complaint verifying dialogue',\n'complaint verifying in_court',\n'complaint verifying outcome_drafted',\n'complaint verifying second_instance',\n'complaint verifying suspended',\n'complaint verifying terminated',\n'denunciation accepted further_denunciation',\n'denunciation accepted suspended',\n'denunciation accepted taken_over',\n'denunciation accepted terminated',\n'denunciation accepted verifying',\n'denunciation acting_on_conclusion closed',\n'denunciation acting_on_conclusion enforcing',\n'denunciation acting_on_conclusion further_denunciation',\n'denunciation acting_on_conclusion published',\n'denunciation acting_on_conclusion referred_to_investigation',\n'denunciation acting_on_conclusion taken_over',\n'denunciation awaiting_receiver notified',\n'denunciation awaiting_receiver urged',\n'denunciation awaiting_supplement classifying',\n'denunciation classifying awaiting_supplement',\n'denunciation classifying classifying',\n'denunciation classifying duplicate',\n'denunciation classifying proposed',\n'denunciation decided notified',\n'denunciation dialogue further_denunciation',\n'denunciation dialogue outcome_drafted',\n'denunciation dialogue suspended',\n'denunciation dialogue taken_over',\n'denunciation dialogue terminated',\n'denunciation dialogue verifying',\n'denunciation enforced closed',\n'denunciation enforcing enforced',\n'denunciation forwarded awaiting_receiver',\n'denunciation forwarded classifying',\n'denunciation further_denunciation closed',\n'denunciation in_court closed',\n'denunciation in_force closed',\n'denunciation in_force enforcing',\n'denunciation notified acting_on_conclusion',\n'denunciation notified closed',\n'denunciation notified further_denunciation',\n'denunciation notified published',\n'denunciation notified taken_over',\n'denunciation outcome_drafted decided',\n'denunciation outcome_drafted further_denunciation',\n'denunciation outcome_drafted taken_over',\n'denunciation outcome_drafted verifying',\n'denunciation proposed accepted',\n'denunciation proposed classifying',\n'denunciation proposed declined',\n'denunciation proposed filed_away',\n'denunciation proposed forwarded',\n'denunciation proposed referred_to_investigation',\n'denunciation proposed urged',\n'denunciation published acting_on_conclusion',\n'denunciation published closed',\n'denunciation published further_denunciation',\n'denunciation published taken_over',\n'denunciation received awaiting_supplement',\n'denunciation received classifying',\n'denunciation received duplicate',\n'denunciation received proposed',\n'denunciation second_instance closed',\n'denunciation submitted received',\n'denunciation suspended terminated',\n'denunciation suspended verifying',\n'denunciation taken_over accepted',\n'denunciation terminated accepted',\n'denunciation urged notified',\n'denunciation urged urged',\n'denunciation verifying further_denunciation',\n'denunciation verifying outcome_drafted',\n'denunciation verifying referred_to_investigation',\n'denunciation verifying suspended',\n'denunciation verifying taken_over',\n'denunciation verifying terminated',\n'feedback accepted verifying',\n'feedback acting_on_conclusion closed',\n'feedback awaiting_receiver notified',\n'feedback awaiting_receiver urged',\n'feedback awaiting_supplement classifying',\n'feedback classifying awaiting_supplement',\n'feedback classifying classifying',\n'feedback classifying duplicate',\n'feedback classifying proposed',\n'feedback decided notified',\n'feedback dialogue outcome_drafted',\n'feedback dialogue verifying',\n'feedback enforced closed',\n'feedback forwarded awaiting_receiver',\n'feedback forwarded classifying',\n'feedback further_denunciation closed',\n'feedback in_court closed',\n'feedback in_force closed',\n'feedback notified closed',\n'feedback outcome_drafted decided',\n'feedback outcome_drafted verifying',\n'feedback proposed accepted',\n'feedback proposed classifying',\n'feedback proposed declined',\n'feedback proposed filed_away',\n'feedback proposed forwarded',\n'feedback proposed guided',\n'feedback proposed urged',\n'feedback published closed',\n'feedback received awaiting_supplement',\n'feedback received classifying',\n'feedback received duplicate',\n'feedback received proposed',\n'feedback second_instance closed',\n'feedback submitted received',\n'feedback taken_over accepted',\n'feedback urged notified',\n'feedback urged urged',\n'feedback verifying outcome_drafted',\n'recommendation accepted verifying',\n'recommendation acting_on_conclusion closed',\n'recommendation awaiting_receiver notified',\n'recommendation awaiting_receiver urged',\n'recommendation awaiting_supplement classifying',\n'recommendation classifying awaiting_supplement',\n'recommendation classifying classifying',\n'recommendation classifying duplicate',\n'recommendation classifying proposed',\n'recommendation decided notified',\n'recommendation dialogue outcome_drafted',\n'recommendation dialogue verifying',\n'recommendation enforced closed',\n'recommendation forwarded awaiting_receiver',\n'recommendation forwarded classifying',\n'recommendation further_denunciation closed',\n'recommendation in_court closed',\n'recommendation in_force closed',\n'recommendation notified closed',\n'recommendation outcome_drafted decided',\n'recommendation outcome_drafted verifying',\n'recommendation proposed accepted',\n'recommendation proposed classifying',\n'recommendation proposed declined',\n'recommendation proposed filed_away',\n'recommendation proposed forwarded',\n'recommendation proposed guided',\n'recommendation proposed urged',\n'recommendation published closed',\n'recommendation received awaiting_supplement',\n'recommendation received classifying',\n'recommendation received duplicate',\n'recommendation received proposed',\n'recommendation second_instance closed',\n'recommendation submitted received',\n'recommendation taken_over accepted',\n'recommendation urged notified',\n'recommendation urged urged',\n'recommendation verifying outcome_drafted'\n                )\n            THEN\n                RAISE EXCEPTION 'a % cannot go from % to %', OLD.kind, OLD.status, NEW.status\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'case_status_follows_table';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="70aa43a772dcb167bb8306ac20dd6bd0f49e24f2",
                    operation='UPDATE OF "status", "kind"',
                    pgid="pgtrigger_status_follows_table_ef35a",
                    table="petitions_case",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "submitted",
                            "received",
                            "awaiting_supplement",
                            "classifying",
                            "duplicate",
                            "proposed",
                            "guided",
                            "forwarded",
                            "awaiting_receiver",
                            "urged",
                            "returned",
                            "filed_away",
                            "declined",
                            "referred_to_investigation",
                            "accepted",
                            "verifying",
                            "dialogue",
                            "suspended",
                            "terminated",
                            "outcome_drafted",
                            "decided",
                            "notified",
                            "published",
                            "acting_on_conclusion",
                            "in_force",
                            "enforcing",
                            "enforced",
                            "second_instance",
                            "further_denunciation",
                            "in_court",
                            "taken_over",
                            "closed",
                        ],
                    )
                ),
                name="case_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        (
                            "status__in",
                            [
                                "duplicate",
                                "guided",
                                "returned",
                                "filed_away",
                                "declined",
                                "referred_to_investigation",
                                "terminated",
                                "closed",
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "status__in",
                                [
                                    "duplicate",
                                    "guided",
                                    "returned",
                                    "filed_away",
                                    "declined",
                                    "referred_to_investigation",
                                    "terminated",
                                    "closed",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("closed_at", None),
                    ),
                    _connector="OR",
                ),
                name="case_closed_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("instance", 1), ("kind", "complaint"), _connector="OR"),
                name="case_second_instance_of_complaints",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("forwarded_to__isnull", False), ("status", "forwarded")),
                    models.Q(
                        models.Q(("status", "forwarded"), _negated=True), ("forwarded_to", None)
                    ),
                    _connector="OR",
                ),
                name="case_forwarded_has_receiver",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("status", "duplicate")),
                    models.Q(
                        models.Q(("status", "duplicate"), _negated=True), ("merged_into", None)
                    ),
                    _connector="OR",
                ),
                name="case_duplicate_has_main",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterattachment",
            constraint=models.UniqueConstraint(
                fields=("letter", "attachment"), name="letter_file_once"
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="petitions.case",
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="linked_from",
                to="petitions.case",
            ),
        ),
        migrations.AddField(
            model_name="forwarding",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="forwarding",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="forwarding",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="forwardings",
                to="petitions.case",
            ),
        ),
        migrations.AddField(
            model_name="forwarding",
            name="from_unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="communes.unit"
            ),
        ),
        migrations.AddField(
            model_name="forwarding",
            name="new_case",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="forwarded_by",
                to="petitions.case",
            ),
        ),
        migrations.AddField(
            model_name="forwarding",
            name="to_unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="communes.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                fields=("case", "other", "relation"), name="link_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("case", models.F("other")), _negated=True),
                name="link_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "relation__in",
                        [
                            "duplicate_of",
                            "repeat_of",
                            "same_matter",
                            "second_instance_of",
                            "further_of",
                            "grew_out_of",
                            "split_from",
                            "forwarded_from",
                        ],
                    )
                ),
                name="link_relation_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="forwarding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("case",),
                name="forwarding_one_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="forwarding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at", None),
                        ("answered_by", None),
                        ("new_case", None),
                        ("return_ground", ""),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("new_case__isnull", False),
                        ("return_ground", ""),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("new_case", None),
                        models.Q(("return_ground", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="forwarding_accepted_or_returned_with_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="forwarding",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_unit", models.F("to_unit")), _negated=True),
                name="forwarding_to_another",
            ),
        ),
    ]

from typing import Any

import django.db.models.deletion
from django.db import DatabaseError, migrations, models


def refuse_what_was_passed_over(apps: Any, editor: Any) -> None:
    """An index kept by a version that did not know these acts lacks their rows: it has to be built anew."""
    entries = apps.get_model("probanda_index", "Entry").objects.using(editor.connection.alias)
    if entries.filter(act__in=["incident", "relation"]).exists():
        raise DatabaseError("it was kept by a version of Probanda that does not know incidents")


class Migration(migrations.Migration):
    dependencies = [
        ("probanda_index", "0003_members"),
    ]

    operations = [
        migrations.RunPython(refuse_what_was_passed_over, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("seq", models.PositiveBigIntegerField()),
                ("title", models.TextField()),
                ("type", models.TextField(null=True)),
                ("by", models.CharField(max_length=160)),
                ("at", models.CharField(max_length=40)),
                ("supersedes", models.CharField(db_index=True, max_length=160, null=True)),
                ("withdrawn", models.BooleanField()),
                ("proposal", models.CharField(max_length=160, null=True)),
                ("source", models.CharField(db_index=True, max_length=160, null=True)),
                ("earliest", models.CharField(max_length=40, null=True)),
                ("latest", models.CharField(max_length=40, null=True)),
                ("place", models.TextField(null=True)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("blob", models.CharField(max_length=64)),
                ("body", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("seq", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(db_index=True, max_length=160)),
                ("object", models.CharField(db_index=True, max_length=160)),
                ("by", models.CharField(max_length=160)),
                ("at", models.CharField(max_length=40)),
                ("supersedes", models.CharField(db_index=True, max_length=160, null=True)),
                ("withdrawn", models.BooleanField()),
                ("blob", models.CharField(max_length=64)),
                ("body", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="IncidentMember",
            fields=[
                ("row", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("record", models.CharField(db_index=True, max_length=160)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="probanda_index.incident",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("incident", "position"), name="member_once")],
            },
        ),
    ]

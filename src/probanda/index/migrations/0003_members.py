"""The table of members of containers.

An index of an older schema that has applied `unpack` derivations was filled by a version that did not know them (an
older program opened the case in between); the table would stay empty, so it is refused, which has it built anew.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.deletion import CASCADE


def _require_that_nothing_was_missed(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    from probanda.index.connect import UnusableIndexError

    rows = apps.get_model("probanda_index", "DerivationOutput").objects.using(editor.connection.alias)
    if rows.filter(role="contents").exists():
        raise UnusableIndexError("it was filled by a version that did not unpack")


class Migration(migrations.Migration):
    dependencies = [("probanda_index", "0002_search")]

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("row", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("container", models.CharField(db_index=True, max_length=64)),
                ("path", models.TextField()),
                ("outcome", models.CharField(max_length=20)),
                ("blob", models.CharField(db_index=True, max_length=64, null=True)),
                ("size", models.PositiveBigIntegerField(null=True)),
                ("reason", models.TextField(null=True)),
                (
                    "derivation",
                    models.ForeignKey(on_delete=CASCADE, related_name="members", to="probanda_index.derivation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("derivation", "position"), name="member_once")],
            },
        ),
        migrations.RunPython(_require_that_nothing_was_missed, migrations.RunPython.noop),
    ]

"""The tables of full-text search.

An index of schema 1 that has applied `terms` derivations was filled by a version that did not know them (an older
program opened the case in between); its search tables would stay empty, so it is refused, which has it built anew.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.deletion import CASCADE

from probanda.index.search_table import CREATE, DROP


def _require_that_nothing_was_missed(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    from probanda.index.connect import UnusableIndexError

    rows = apps.get_model("probanda_index", "DerivationOutput").objects.using(editor.connection.alias)
    if rows.filter(role="terms").exists():
        raise UnusableIndexError("it was filled by a version without search")


class Migration(migrations.Migration):
    dependencies = [("probanda_index", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("document", models.CharField(db_index=True, max_length=64)),
                ("language", models.CharField(max_length=20)),
                ("blob", models.CharField(max_length=64)),
                (
                    "derivation",
                    models.OneToOneField(on_delete=CASCADE, related_name="search_text", to="probanda_index.derivation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchWords",
            fields=[
                ("rowid", models.BigIntegerField(primary_key=True, serialize=False)),
                ("lemmas", models.TextField()),
                ("forms", models.TextField()),
                ("names", models.TextField()),
            ],
            options={"db_table": "probanda_index_searchwords", "managed": False},
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(_require_that_nothing_was_missed, migrations.RunPython.noop),
    ]

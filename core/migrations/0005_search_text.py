"""The full text beside the search entries, in the database's own way."""

from django.db import migrations


def lay(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE core_searchentry ADD COLUMN document tsvector")
        schema_editor.execute("CREATE INDEX core_search_document ON core_searchentry USING gin (document)")
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE core_search_text USING fts5(title, body, tokenize='unicode61 remove_diacritics 0')"
        )


def lift(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX core_search_document")
        schema_editor.execute("ALTER TABLE core_searchentry DROP COLUMN document")
    else:
        schema_editor.execute("DROP TABLE core_search_text")


class Migration(migrations.Migration):
    dependencies = [("core", "0004_search")]

    operations = [migrations.RunPython(lay, lift)]

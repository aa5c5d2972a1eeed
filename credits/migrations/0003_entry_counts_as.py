"""What a line counts as. Nullable and without a default, so that the append-only lines of before stay untouched, and so
that SQLite adds the column in place: a table made anew would lose the triggers of the migration before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credits", "0002_ledger_triggers")]
    operations = [
        migrations.AddField(
            model_name="creditentry",
            name="counts_as",
            field=models.CharField(editable=False, max_length=60, null=True),
        ),
        migrations.AddConstraint(
            model_name="creditentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", True)), fields=("person", "counts_as"), name="entry_counts_once"
            ),
        ),
    ]

"""A report that was amended after its texts were taken is noted beside the proposal, for whoever edits the case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casebook", "0012_withdrawn_reviews_gone")]
    operations = [
        migrations.AddField(
            model_name="proposal", name="report_amended_at", field=models.DateTimeField(blank=True, null=True)
        )
    ]

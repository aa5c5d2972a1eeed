"""Why fewer than five patients of the region do no harm, for the reviewers. Old code writes rows without it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casebook", "0008_audience_of_cases")]
    operations = [
        migrations.AddField(
            model_name="caseversion",
            name="like_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
    ]

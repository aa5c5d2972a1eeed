"""Which parts of its units an enrolment looked at; null in rows that older code writes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lms", "0002_audience_of_learners")]

    operations = [
        migrations.AddField(
            model_name="progress", name="seen", field=models.JSONField(blank=True, default=list, null=True)
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("peer_review", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="reviewround",
            name="contributor_ids",
            field=models.JSONField(default=list, null=True),
        ),
    ]

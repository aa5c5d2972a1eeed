"""An invitation may bring a role, and the first three are made by the installation itself, by nobody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0008_confirm_invited_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="role",
            field=models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="invited_by_id",
            field=models.UUIDField(blank=True, null=True),
        ),
    ]

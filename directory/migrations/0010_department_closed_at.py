"""A department that no longer takes anybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_first_administrators"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

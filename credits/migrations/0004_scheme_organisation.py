"""Whom a scheme covers; those that are here cover everybody, as before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0003_entry_counts_as"),
        ("directory", "0001_initial"),
    ]
    operations = [
        migrations.AddField(
            model_name="scheme",
            name="organisation",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.organisation",
            ),
        ),
    ]

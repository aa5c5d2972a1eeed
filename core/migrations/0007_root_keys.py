"""The root keys that the database was written with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_job_holder"),
    ]

    operations = [
        migrations.CreateModel(
            name="RootKeyRecord",
            fields=[
                ("key_id", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("suite", models.CharField(max_length=30)),
                ("sequence", models.PositiveIntegerField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
    ]

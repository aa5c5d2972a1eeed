from django.db import migrations, models


class Migration(migrations.Migration):
    """What the authors disclose; empty means that none declared any."""

    dependencies = [
        ("cms", "0005_attempts_allowed"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="disclosure",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="interests that the authors disclose"
            ),
        ),
    ]

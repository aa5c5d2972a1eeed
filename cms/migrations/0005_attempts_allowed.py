import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0004_audience_of_courses")]

    operations = [
        migrations.AddField(
            model_name="course",
            name="attempts_allowed",
            field=models.PositiveSmallIntegerField(
                db_default=3,
                default=3,
                help_text="When they are used up, one more opens every 24 hours.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10),
                ],
                verbose_name="attempts at a unit’s questions",
            ),
        ),
        migrations.AddField(
            model_name="courseedition",
            name="attempts_allowed",
            field=models.PositiveSmallIntegerField(db_default=3, default=3),
        ),
    ]

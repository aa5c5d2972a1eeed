from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0014_share_with_a_right")]

    operations = [
        migrations.AddField(
            model_name="pixelreview",
            name="face_answer",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="pixelreview",
            name="face_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]

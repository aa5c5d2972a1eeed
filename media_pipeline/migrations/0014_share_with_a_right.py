from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0013_when_objects_arrived")]

    operations = [
        migrations.AddField(
            model_name="share",
            name="path",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AddField(
            model_name="share",
            name="permission",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]

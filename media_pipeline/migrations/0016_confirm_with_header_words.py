from django.db import migrations


def void(apps, schema_editor):
    """What is being read was confirmed without the header words: it is confirmed once more. Frames stay looked at."""
    reviews = apps.get_model("media_pipeline", "PixelReview").objects.using(schema_editor.connection.alias)
    given = reviews.filter(release__state="pixel_review", confirmed_at__isnull=False)
    given.update(confirmed_at=None, boxes_digest="")


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0015_each_readers_answer_about_the_face")]

    operations = [migrations.RunPython(void, migrations.RunPython.noop)]

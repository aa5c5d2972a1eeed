"""Who confirmed a release before its texts had to be read confirms it again; one that is open stays open."""

from django.db import migrations


def ask_again(apps, schema_editor):
    apps.get_model("media_pipeline", "PixelReview").objects.filter(release__state="pixel_review").update(
        confirmed_at=None, boxes_digest=""
    )


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0008_texts_are_read")]
    operations = [migrations.RunPython(ask_again, migrations.RunPython.noop)]

"""Wagtail's admin greets with the site's name instead of its host."""

from django.conf import settings
from django.db import migrations


def name_it(apps, schema_editor):
    apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True, site_name="").update(
        site_name=settings.WAGTAIL_SITE_NAME
    )


class Migration(migrations.Migration):
    dependencies = [("cms", "0006_disclosure"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(name_it, migrations.RunPython.noop)]

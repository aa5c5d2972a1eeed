"""Objects of older code arrived with the first delivery that brought them."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import DateTimeField, OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    files = apps.get_model("media_pipeline", "UploadedFile").objects.filter(instance=OuterRef("pk"))
    first = files.order_by("upload__received_at").values("upload__received_at")[:1]
    objects = apps.get_model("media_pipeline", "IdentifiedInstance").objects
    objects.filter(arrived_at__isnull=True).update(arrived_at=Subquery(first, output_field=DateTimeField()))


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0012_images_until_a_moment")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Editions from before name their pictures too: otherwise nobody but the desk would see them."""

from __future__ import annotations

import json
import re
from typing import Any

from django.db import migrations

NAME = re.compile(r"/editions/([0-9A-Za-z_-]+\.webp)")


def fill(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    rows = apps.get_model("cms", "EditionPicture").objects.using(alias)
    editions = apps.get_model("cms", "CourseEdition").objects.using(alias).values_list("pk", "manifest")
    for pk, manifest in editions.iterator(chunk_size=100):
        names = sorted(set(NAME.findall(json.dumps(manifest))))
        rows.bulk_create((rows.model(edition_id=pk, name=name) for name in names), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("cms", "0016_pictures_of_editions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

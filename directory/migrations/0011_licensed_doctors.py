"""How many licensed doctors each organisation reports for a year."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0010_department_closed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="LicensedDoctors",
            fields=[
                (
                    "id",
                    models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licensed_doctors",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "licensed doctors",
                "ordering": ["organisation", "-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "year"), name="licensed_doctors_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2099)),
                        name="licensed_doctors_year_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 0), ("number__lte", 20000)),
                        name="licensed_doctors_plausible",
                    ),
                ],
            },
        ),
    ]

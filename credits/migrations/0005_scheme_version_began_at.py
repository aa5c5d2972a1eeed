"""When the beginning of a version was worked through. Empty for those that are here: the clock goes over them once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credits", "0004_scheme_organisation")]
    operations = [
        migrations.AddField(
            model_name="schemeversion",
            name="began_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_invitation")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="email_verified_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

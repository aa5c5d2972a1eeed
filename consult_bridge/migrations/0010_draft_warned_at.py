from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0009_unsaved_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='consultdraft',
            name='warned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

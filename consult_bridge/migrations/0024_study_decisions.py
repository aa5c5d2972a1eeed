import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0023_images_of_unsigned_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StudyDecision',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('study_id', models.UUIDField()),
                ('said', models.CharField(max_length=16)),
                ('said_at', models.DateTimeField()),
                ('consult', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='study_decisions', to='consult_bridge.consult')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'decision on a study',
                'ordering': ['said_at', 'id'],
                'indexes': [models.Index(fields=['consult', 'said_at'], name='consult_bri_consult_625b58_idx')],
            },
        ),
    ]

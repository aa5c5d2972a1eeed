import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0010_draft_warned_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoneDraft',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('gone_at', models.DateTimeField()),
                ('has_expired', models.BooleanField(help_text='Nobody deleted it: it was kept long enough')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'deleted draft',
                'indexes': [models.Index(fields=['gone_at'], name='consult_bri_gone_at_f466cd_idx')],
            },
        ),
    ]

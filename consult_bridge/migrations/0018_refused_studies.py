import django.db.models.deletion
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0017_step_names_expert'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusedStudy',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('study_id', models.UUIDField(db_index=True)),
                ('said_at', models.DateTimeField()),
                ('consult', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refused_studies', to='consult_bridge.consult')),
            ],
            options={
                'verbose_name': 'study that is not of this patient',
                'constraints': [models.UniqueConstraint(fields=('consult', 'study_id'), name='refused_study_once')],
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0013_fill_former_writers'),
    ]

    operations = [
        migrations.AddField(
            model_name='arrivedstudy',
            name='consult',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='set_aside', to='consult_bridge.consult'),
        ),
    ]

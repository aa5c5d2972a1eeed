from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0014_arrived_for'),
    ]

    operations = [
        migrations.AddField(
            model_name='consultupload',
            name='refused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='consultupload',
            name='read_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

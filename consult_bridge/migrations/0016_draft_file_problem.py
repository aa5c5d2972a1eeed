from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0015_refused_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='draftfile',
            name='problem',
            field=models.CharField(blank=True, db_default='', default='', help_text='why the archive will not store it', max_length=40),
        ),
    ]

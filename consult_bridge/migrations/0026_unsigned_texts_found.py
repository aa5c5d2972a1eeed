from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consult_bridge', '0025_revisions_count_on'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='opinion',
            index=models.Index(condition=models.Q(('amends__isnull', False), ('signed_at__isnull', True)), fields=['consult'], name='opinion_correction_unsigned'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('signed_at__isnull', True)), fields=['consult'], name='report_unsigned'),
        ),
    ]

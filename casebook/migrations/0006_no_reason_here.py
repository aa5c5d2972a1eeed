from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casebook", "0005_reason_to_consult_side")]

    operations = [migrations.RemoveField(model_name="proposal", name="reason")]

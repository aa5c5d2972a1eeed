"""Whoever accepted an invitation that was sent to one address reads what is sent there: that address is confirmed."""

from django.db import migrations


def confirm(apps, schema_editor):
    invitations = apps.get_model("directory", "Invitation").objects.filter(accepted_at__isnull=False)
    people = apps.get_model("directory", "Person").objects
    for invitation in invitations.select_related("person").iterator(chunk_size=500):
        person = invitation.person
        if invitation.email and not invitation.phone and person.email == invitation.email:
            people.filter(pk=person.pk, email_verified_at__isnull=True).update(email_verified_at=invitation.accepted_at)
        elif invitation.phone and not invitation.email and person.phone == invitation.phone:
            people.filter(pk=person.pk, phone_verified_at__isnull=True).update(phone_verified_at=invitation.accepted_at)


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_person_email_verified_at")]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]

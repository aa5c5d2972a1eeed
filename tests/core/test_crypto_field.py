"""The encrypted field, on a table made for this test."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models

from core import crypto
from core.crypto.fields import EncryptedTextField


class Secret(models.Model):
    phone = EncryptedTextField(purpose="phone", null=True)
    address = EncryptedTextField(purpose="phone", null=True)

    class Meta:
        app_label = "core_tests"


@pytest.fixture
def table(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Secret)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Secret)


def stored(column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM core_tests_secret")  # noqa: S608
        return bytes(cursor.fetchone()[0])


def test_text_goes_in_and_out_and_only_ciphertext_is_stored(table):
    Secret.objects.create(phone="13800000001", address=None)
    assert Secret.objects.get().phone == "13800000001"
    assert Secret.objects.get().address is None
    assert b"13800000001" not in stored("phone")
    Secret.objects.update(phone="13800000002")
    assert Secret.objects.values_list("phone", flat=True).get() == "13800000002"


def test_a_value_moved_to_another_column_is_seen(table):
    Secret.objects.create(phone="13800000001")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_tests_secret SET address = phone")
    with pytest.raises(crypto.Tampered):
        Secret.objects.get()


def test_lookups_are_forbidden_but_for_null(table):
    Secret.objects.create(phone="13800000001")
    for lookup in ("phone", "phone__contains", "phone__in"):
        with pytest.raises(FieldError):
            Secret.objects.filter(**{lookup: "13800000001"}).exists()
    assert Secret.objects.filter(address__isnull=True).count() == 1


def test_the_field_survives_a_migration():
    name, path, args, kwargs = Secret._meta.get_field("phone").deconstruct()
    assert (name, path, args) == ("phone", "core.crypto.fields.EncryptedTextField", [])
    assert kwargs == {"purpose": "phone", "null": True, "editable": True}

"""A model field that stores only ciphertext."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from core import crypto

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField  # Django's own is not subscriptable at run time


class EncryptedTextField(_Binary):
    """Text in Python, sealed bytes in the database, under the key of `purpose`.

    The model's label and the column are authenticated, so that a value cannot be moved to another column. Only null
    can be looked up: every sealing of a text differs. To search for equality keep `crypto.blind_index` beside it.
    """

    description = "Encrypted text"

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["purpose"] = self.purpose
        return name, path, args, kwargs

    def get_lookup(self, lookup_name: str) -> Any:
        """Raises FieldError for any lookup but `isnull`."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: look up its blind index instead.")
        return super().get_lookup(lookup_name)

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        return crypto.encrypt(str(value).encode(), purpose=self.purpose, context=self._context())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = value if prepared else self.get_prep_value(value)
        return None if sealed is None else connection.Database.Binary(sealed)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """Raises Tampered, or KeyMissing."""
        if value is None:
            return None
        return crypto.decrypt(bytes(value), purpose=self.purpose, context=self._context()).decode()

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return self.value_from_object(obj) or ""

    def formfield(self, **kwargs: Any) -> Any:
        return models.TextField.formfield(models.TextField(self.verbose_name, blank=self.blank), **kwargs)

    def _context(self) -> bytes:
        return f"{self.model._meta.db_table}.{self.column}".encode()

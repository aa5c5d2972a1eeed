"""Signing people in through the test client, without walking through the pages."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from directory.models import Person

BACKEND = "directory.backends.SignInBackend"


def sign_in(client: Client, person: Person, *, second_factor: bool = True) -> Client:
    """The client acts as `person`; `second_factor` says whether the session has proved one."""
    client.force_login(person, backend=BACKEND)
    methods = [{"method": "password", "at": time.time()}]
    if second_factor:
        methods.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = methods
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()
    return client

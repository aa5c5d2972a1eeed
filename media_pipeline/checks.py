"""What `manage.py check --deploy` finds before a patient's image is sent."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from media_pipeline import cage


@register(Tags.security, deploy=True)
def cages_can_be_had(**_options: Any) -> list[CheckMessage]:
    """A cage starts and has every layer of confinement that the settings ask for."""
    try:
        cage.call("clean_texts", zone="deid", arguments={"texts": {}, "identifiers": {}})
    except cage.CageUnavailable:
        hint = "Files from outside need a kernel with Landlock (5.13 or later) and seccomp; see XINGLIN_CAGE_LAYERS."
        return [Error("No confined process can be started.", hint=hint, id="media_pipeline.E001")]
    return []

"""How the keys of a release's jobs begin: who starts one and who looks what became of it must name it alike."""

from __future__ import annotations

from uuid import UUID


def deidentify_key(release_id: UUID) -> str:
    return f"media_pipeline.deidentify:{release_id}"


def opening_key(release_id: UUID) -> str:
    return f"media_pipeline.open_release:{release_id}:"

"""What a caged function raises when the content, not the code, is at fault."""


class BadInput(Exception):
    """`str(error)` is a key of `media_pipeline.cage.errors.REASONS`. The cage itself stays sound."""

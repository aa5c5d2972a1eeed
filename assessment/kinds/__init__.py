"""The four question types. A new type is one module and one line here; nobody else asks which type it is."""

from assessment.kinds.base import Kind
from assessment.kinds.choice import MultipleChoice, SingleBestAnswer
from assessment.kinds.numeric import NumericAnswer
from assessment.kinds.ordering import Ordering

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (SingleBestAnswer(), MultipleChoice(), NumericAnswer(), Ordering())
}

__all__ = ["KINDS", "Kind"]

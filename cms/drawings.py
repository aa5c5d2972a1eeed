"""The house's drawn faces, from which an author may pick one: signs of the sprite, drawn alike on every card."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Drawing(models.TextChoices):
    """The value is the sign's name in the sprite, the label says what is drawn."""

    HEART = "heart-pulse", pgettext_lazy("drawing", "Heart with a pulse")
    TRACE = "activity", pgettext_lazy("drawing", "Trace of an electrocardiogram")
    WIND = "wind", pgettext_lazy("drawing", "Breath of air")
    DROP = "droplet", pgettext_lazy("drawing", "Drop")
    BRAIN = "brain", pgettext_lazy("drawing", "Brain")
    BABY = "baby", pgettext_lazy("drawing", "Baby")
    EYE = "eye", pgettext_lazy("drawing", "Eye")
    SHIELD = "shield-check", pgettext_lazy("drawing", "Shield")
    SCAN = "scan", pgettext_lazy("drawing", "Frame of a scan")
    SIREN = "siren", pgettext_lazy("drawing", "Siren")
    HAND = "hand-heart", pgettext_lazy("drawing", "Hand with a heart")
    STETHOSCOPE = "stethoscope", pgettext_lazy("drawing", "Stethoscope")
    THERMOMETER = "thermometer", pgettext_lazy("drawing", "Thermometer")
    SYRINGE = "syringe", pgettext_lazy("drawing", "Syringe")
    PILL = "pill", pgettext_lazy("drawing", "Capsule")
    TUBE = "test-tube", pgettext_lazy("drawing", "Test tube")
    MICROSCOPE = "microscope", pgettext_lazy("drawing", "Microscope")
    BED = "bed", pgettext_lazy("drawing", "Hospital bed")
    CASE = "briefcase-medical", pgettext_lazy("drawing", "Doctor’s bag")
    BOOK = "book-open", pgettext_lazy("drawing", "Open book")


COMPUTED = _("By itself")
COMPUTED_HINT = _("The first picture of the course, else the sign of its subject area.")

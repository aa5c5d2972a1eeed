"""What the requester reports back when a consult is closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.models.consult import Consult


class Outcome(models.TextChoices):
    TREATED_LOCALLY = "treated_locally", _("Treated here, following the opinion")
    REFERRED = "referred", _("Referred upward")
    PLAN_CHANGED = "plan_changed", _("Plan changed after the opinion")
    LEFT = "left", _("The patient left or declined")


class Feedback(models.Model):
    """One per consult. `usefulness` from 1 (no help) to 5 (decided the case)."""

    consult = models.OneToOneField(Consult, primary_key=True, on_delete=models.CASCADE, related_name="feedback")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    usefulness = models.PositiveSmallIntegerField(_("usefulness"))
    comment = models.TextField(pgettext_lazy("feedback", "comment"), blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("feedback")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usefulness__gte=1, usefulness__lte=5), name="feedback_usefulness_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

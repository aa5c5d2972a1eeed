"""Questions and their immutable versions, and pools that gather questions."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.contracts import QuestionVersionFacts
from assessment.errors import VersionIsFrozen
from assessment.kinds import KINDS
from core.actor import Actor
from core.ids import uuid7

PERMISSION = "question.edit"


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, actor: Actor) -> QuestionQuerySet:
        """Questions of the organisations at or below those where the actor may edit questions."""
        condition = models.Q(pk__in=[])
        for path in {g.organisation_path for g in actor.grants if PERMISSION in g.permissions}:
            condition |= models.Q(organisation__path__startswith=path)
        return self.filter(condition)


class QuestionManager(models.Manager["Question"]):
    def visible_to(self, actor: Actor) -> QuestionQuerySet:
        return QuestionQuerySet(self.model, using=self._db).visible_to(actor)


class Pool(models.Model):
    """A named set of questions of one organisation: a topic, an examination's blueprint row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("title", "name"), max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pool")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="pool_name_once")]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question as its editors know it; what learners answer is one of its versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions")
    kind = models.CharField(max_length=20, choices=[(kind.name, kind.label) for kind in KINDS.values()])
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    latest = models.ForeignKey("QuestionVersion", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = QuestionManager()

    class Meta:
        verbose_name = _("question")
        indexes = [models.Index(fields=["organisation", "-id"], name="question_by_organisation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class FrozenQuerySet(models.QuerySet["QuestionVersion"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise VersionIsFrozen

    def delete(self) -> NoReturn:
        raise VersionIsFrozen


class QuestionVersion(models.Model):
    """Immutable from its insertion on: editions, attempts and scores refer to it for ever."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        verbose_name = _("question version")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="question_version_number_once")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise VersionIsFrozen
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise VersionIsFrozen

    def facts(self) -> QuestionVersionFacts:
        """The version as other packages see it; `question` should be loaded."""
        return QuestionVersionFacts(
            self.pk, self.question_id, self.number, self.question.kind, self.question.language, self.content
        )

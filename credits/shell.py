"""What credits shows in the shell: its area, its notifications, the certificate's button on a passed course."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.notify import Kind, register_kind
from core.ui.registry import NavigationItem, PageAction, Panel, register_actions, register_navigation, register_panel
from credits import selectors
from credits.models.ledger import PERMISSION
from credits.selectors.repeating import counted_before
from lms import api as lms

REMINDERS = {
    "credits.reminder": _("%(credits)s credits and %(hours)s hours are missing until %(until)s."),
    "credits.reminder_credits": _("%(credits)s credits are missing until %(until)s."),
    "credits.reminder_hours": _("%(hours)s hours are missing until %(until)s."),
}


def certificate_action(actor: Actor, enrolment_id: UUID) -> Iterable[PageAction]:
    """On a passed course's page: the way to its certificate."""
    if actor.person_id is None:
        return
    completion_id = lms.completion_id_of(enrolment_id)
    if completion_id is None:
        return
    certificate = selectors.certificate_of_completion(actor.person_id, completion_id)
    if certificate is None:
        before = counted_before(actor.person_id, lms.get_completion(completion_id))
        if before is not None:
            certificate = before.certificate
            words = _("Already credited before") if before.is_once_ever else _("Already credited this year")
            yield PageAction(words, reverse("credits:transcript"), icon="info", style="quiet")
    if certificate is not None:
        url = reverse("credits:certificate", args=[certificate.pk])
        yield PageAction(_("Certificate"), url, icon="award", style="primary")


def register() -> None:
    """Called once per process from `AppConfig.ready`."""
    register_navigation(
        NavigationItem("credits", _("Credits"), "credits:transcript", "award", order=60, areas=("/credits/",))
    )
    register_navigation(
        NavigationItem(
            "credit_office",
            _("Credit office"),
            "credits:office",
            "receipt",
            order=62,
            permission=PERMISSION,
            areas=("/credits/office/", "/credits/entries/"),
        )
    )
    register_actions("enrolment", certificate_action)
    _register_kinds()
    _register_kinds_of_repetition()
    _register_panels()


def _register_kinds() -> None:
    register_kind(
        Kind(
            name="credits.entered",
            subject=_("A credit was entered for you."),
            body=_("“%(title)s”: %(credits)s credits. Your certificate is ready."),
            channels={"app", "email"},
        )
    )
    register_kind(
        Kind(
            name="credits.reversed",
            subject=_("A credit of yours was reversed."),
            body=_("“%(title)s” was reversed. The reason stands in your ledger."),
            channels={"app", "email"},
        )
    )
    for name, body in REMINDERS.items():
        register_kind(
            Kind(
                name=name,
                subject=_("You are still short of credits this year."),
                body=body,
                channels={"app", "email", "sms"},
            )
        )


def _register_kinds_of_repetition() -> None:
    register_kind(
        Kind(
            name="credits.repeated",
            subject=_("This course has already been credited this year."),
            body=_("“%(title)s” counts once in a credit year. What was entered before stays, with its certificate."),
            channels={"app", "email"},
        )
    )
    register_kind(
        Kind(
            name="credits.repeated_ever",
            subject=_("This course has already been credited before."),
            body=_("“%(title)s” counts once, in whatever year. What was entered before stays, with its certificate."),
            channels={"app", "email"},
        )
    )


def _register_panels() -> None:
    register_panel("home", Panel("credits", _("My credits this year"), "credits:mine_panel", order=20))
    register_panel(
        "supervision",
        Panel(
            "credit_shortage",
            _("Who is short of credits"),
            "credits:shortage_panel",
            permission="training.manage",
            order=20,
            is_wide=True,
        ),
    )
    register_panel(
        "supervision",
        Panel("credit_area", _("Credits"), "credits:area_panel", permission="supervise.view", order=50),
    )

"""Named errors of the casebook."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden, Invalid, NotFound


class ProposalExists(Conflict):
    code = "proposal_exists"
    message = _("This consult has already been proposed as a teaching case.")
    next_step = _("Open the proposal from the consult page to see where it stands.")


class CaseNotFound(NotFound):
    code = "case_not_found"
    message = _("This teaching case was not found.")
    next_step = _("The link may be mistyped, or the case was withdrawn.")


class FrozenVersion(Conflict):
    code = "frozen_version"
    message = _("This version is frozen and cannot be changed.")
    next_step = _("Start a new version of the case and edit that one.")


class CaseIncomplete(Invalid):
    code = "case_incomplete"
    message = _("The case is not ready for review: %(missing)s.")
    next_step = _("Complete the marked parts, then send it to review.")


class TooFewAlike(Invalid):
    """Fewer than five patients of the region are like this one (k-anonymity), and nobody said why that is no harm."""

    code = "too_few_alike"
    message = _("Fewer than five patients of the region are like this one, so somebody could recognise the patient.")
    next_step = _("Choose a wider age band, take a detail away, or give the reviewers your reason.")


class OneReviewer(Invalid):
    code = "one_reviewer"
    message = _("One reviewer is not enough: choose two, or none.")
    next_step = _("With none chosen, the two least busy are asked.")


class NotApproved(Conflict):
    code = "case_not_approved"
    message = _("Two reviewers have not approved this version yet.")
    next_step = _("Wait for both reports, or answer what they ask in a new version.")


class VersionInReview(Conflict):
    code = "case_version_in_review"
    message = _("Version %(number)s of this case is in review, or approved and not published yet. No other was begun.")
    next_step = _("Wait until it is published, or take it back and change that one.")


class NewerPublished(Conflict):
    code = "newer_case_version_published"
    message = _("Version %(number)s of this case is published, and it is newer than this one. Nothing was changed.")
    next_step = _("Take this version back, or start a new one from what is published.")


class PurposeMissing(Forbidden):
    code = "purpose_missing"
    message = _("A teaching case is opened for a stated purpose.")
    next_step = _("Choose what you read it for, then open it.")

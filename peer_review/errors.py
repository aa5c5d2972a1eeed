"""What can go wrong in a review, as sentences."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden, Invalid, NotFound, StaleForm


class ReviewNotFound(NotFound):
    code = "review_not_found"


class ConflictOfInterest(Forbidden):
    code = "conflict_of_interest"
    message = _("%(name)s cannot review this: %(reason)s")
    next_step = _("Choose another reviewer.")


class TooFewReviewers(Invalid):
    code = "too_few_reviewers"
    message = _("%(needed)s reviewers without a conflict of interest are needed; %(found)s are available.")
    next_step = _("Ask the security administrator to give the reviewer role to more people, then submit again.")


class RoundStaffed(Conflict):
    code = "round_staffed"
    message = _("Every place in this round is taken.")
    next_step = _("Wait for the reports, or until somebody steps back.")


class RoundAlreadyOpen(Conflict):
    code = "round_already_open"
    message = _("A review of this is already under way.")
    next_step = _("Wait for its decision, or withdraw the submission first.")


class ReviewWentOn(Conflict):
    code = "review_went_on"
    message = _("The review went on after you were asked. Nothing was taken back.")
    next_step = _("Read below how far it is now, then decide again.")


class ReportIncomplete(Invalid):
    code = "report_incomplete"
    message = _("The report is not complete.")
    next_step = _("Fill in the marked items; your draft is kept.")


class ReportStale(StaleForm):
    code = "report_stale"
    message = _("Your review was changed in another window after you opened this one. Nothing was overwritten.")
    next_step = _("What you typed is below. Save again to replace the other text, or open the page again to read it.")

"""The named errors of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden, Invalid, NotFound, StaleForm, Text
from core.states import WrongState


class ConsultNotFound(NotFound):
    code = "consult_not_found"


class RequestTooThin(Invalid):
    """`fields` names each thing that the chosen service type needs and the request lacks."""

    code = "request_too_thin"
    message = _("The request is not complete enough for an expert to answer.")
    next_step = _("Add what is listed. The draft is kept.")


class DraftSent(Conflict):
    """Whoever sends a draft ends it: what another window of the same person still does to it comes too late."""

    code = "draft_sent"
    message = _("This request was sent already. Nothing was changed.")
    next_step = _("You find it under “Consults”.")


class DraftGone(Conflict):
    code = "draft_gone"
    message = _("This draft was deleted. Nothing was saved.")
    next_step = _("Begin a new request. A page of the draft that is still open can be saved as a new draft.")


class DraftChanged(Conflict):
    """Another window saved something while this one sent what it had read before."""

    code = "draft_changed"
    message = _("This draft was changed in another window while you sent it. It was not sent; both changes are kept.")
    next_step = _("Look it through as it is now and submit it.")


class DayImpossible(Invalid):
    """`fields` names each day that cannot be: "birth_date", "labs"."""

    code = "day_impossible"
    message = _("A date in this request cannot be right. Nothing was sent.")
    next_step = _("Correct the marked dates. The draft is kept.")


class RequestingHospitalMissing(Invalid):
    code = "requesting_hospital_missing"
    message = _("You may ask for more than one hospital. Nothing was sent.")
    next_step = _("Choose the hospital where the patient is.")


class ConsultEnded(Conflict):
    """Nothing is added to what has ended: a teaching release takes the studies that were part of it at closing, as they
    were then. A study itself lives on in the archive; what its hospital sends to it later stays out."""

    code = "consult_ended"
    message = _("This consult has ended. Nothing was added.")
    next_step = _("Ask a new consult if the patient needs one.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = _("A reason is needed here. Nothing was changed.")
    next_step = _("Write one sentence that the other side can act on.")


class AnsweredAlready(WrongState):
    """An answer, or a page of one, that comes after the consult went on."""

    code = "answered_already"
    message = _("This consult does not wait for an answer any more. Nothing of what you sent now was kept.")
    next_step = _("Write it in the discussion. Who needs the page asks for it.")


class ConsultWentOn(WrongState):
    """A page from before: whoever sends it has the right, and the consult is further. `since` names who and when."""

    code = "consult_went_on"
    message = _(
        "The consult went on after you opened the page: it stands at “%(state)s” now (%(since)s). Nothing was changed."
    )
    next_step = _("Open the consult to see what happened.")


class NotAnExpertHere(Invalid):
    code = "not_an_expert_here"
    message = _("This person is not an expert of the receiving hospital.")
    next_step = _("Choose an expert from the list.")


class AssignedMeanwhile(StaleForm):
    """Another tab or another coordinator was faster: to take it from that expert is a step of its own."""

    code = "assigned_meanwhile"
    message = _("This consult was assigned after you opened it. Nothing was changed.")
    next_step = _("Look who has it now. If somebody else should have it, assign it once more.")


class DeclineOfAssigned(AssignedMeanwhile):
    """To end what an expert already has is a step of its own: nothing opens a declined consult again."""

    code = "decline_of_assigned"
    next_step = _("To decline it all the same, send your reason once more: the expert is told.")


class NotYourConsult(Forbidden):
    code = "not_your_consult"
    message = _("Only the doctor this consult is assigned to can do this.")
    next_step = _("Ask the coordinator to assign it to you.")


class CheckerIsWriter(Forbidden):
    """Whoever wrote a text cannot be its second doctor (DESIGN, state machines: Report)."""

    code = "checker_is_writer"
    message = _("You wrote this text, so a second doctor has to check and sign it.")
    next_step = _("Another doctor with the right to check finds it under “Waiting for my review”.")


class SecondDoctorHere(Conflict):
    """A doctor of another hospital is named only where nobody of the own one is left."""

    code = "second_doctor_here"
    message = _("A doctor of your own hospital can check this text. Nobody was named.")
    next_step = _("Ask that doctor. A second doctor of another hospital is named where nobody is left.")


class NoSecondDoctorThere(Invalid):
    code = "no_second_doctor_there"
    message = _("This person cannot be the second doctor of this consult.")
    next_step = _("Choose one from the list.")


class CheckBegun(Conflict):
    """What a second doctor has begun to change is not taken from under their hands."""

    code = "check_begun"
    message = _("A second doctor has begun to check this text. It was not taken back.")
    next_step = _("Ask that doctor to return it to you.")


class AlreadySigned(Conflict):
    code = "already_signed"
    message = _("%(name)s signed this text before you. Your signature was not added.")
    next_step = _("Open the consult to read what was signed. A correction is made as an amendment.")


class SignedByYou(AlreadySigned):
    """The signer's other window, with another text."""

    code = "signed_by_you"
    message = _("You have signed this text already. What you sent now was not added to it.")


class SignedNotReturned(AlreadySigned):
    code = "signed_not_returned"
    message = _("%(name)s signed this text before you. It was not returned.")


class OpinionIncomplete(Invalid):
    code = "opinion_incomplete"
    message = _("Findings, impression and recommendation are all needed before the opinion goes on.")
    next_step = _("Fill in what is empty. Your text is kept.")


class HeadingsEmpty(Invalid):
    """`fields` names the lines of each text that hold nothing but a heading of its template."""

    code = "headings_empty"
    message = _("Lines of the template are still empty. It did not go on.")
    next_step = _("Fill each line in, write “not assessed”, or delete it. Your text is kept.")


class OpinionStale(StaleForm):
    code = "opinion_stale"
    message = _("The opinion was changed after you opened it. Your text was not saved.")
    next_step = _("Compare your text with the saved one below and save again.")


class ConsultMoved(Conflict):
    """Somebody moved the consult or its text on while a doctor typed: what is typed is kept, and comes back later."""

    code = "consult_moved"
    message = _("It stands at “%(state)s” now. What you typed was not saved in the text, but is kept for you alone.")
    next_step = _("It comes back into the editor as soon as you can write here again.")


class OpinionBegun(Conflict):
    code = "opinion_begun"
    message = _("%(name)s writes this opinion. Nothing was changed.")
    next_step = _("Take the text over first if you go on with it.")


class TextGivenUp(Conflict):
    """A page of a correction, or of a report, that its writer gave up since."""

    code = "text_given_up"
    message = _("The text on your page was given up meanwhile. Nothing was saved, returned or signed.")
    next_step = _("Open the consult to see where it stands.")


class ChangedNotGivenUp(Conflict):
    code = "changed_not_given_up"
    message = _("The text was changed after you opened the page. It was not given up.")
    next_step = _("Read it as it is now. If nobody needs it, give it up once more.")


class CriticalValueTold(Conflict):
    code = "critical_value_told"
    message = _("A critical value was told out of this report. It was not given up.")
    next_step = _("Finish the report: the second doctor’s signature confirms the critical value or takes it back.")


class ReportIncomplete(Invalid):
    code = "report_incomplete"
    message = _("Examination, technique, findings and impression are all needed before the report goes on.")
    next_step = _("Fill in what is empty. Your text is kept.")


class ReportStale(StaleForm):
    code = "report_stale"
    message = _("The report was changed after you opened it. Your text was not saved.")
    next_step = _("Compare your text with the saved one below and save again.")


class ReportGivenUp(StaleForm):
    code = "report_given_up"
    message = _("This report was given up after you opened it. Your text was not saved.")
    next_step = _("If the report is needed after all, save again: it is begun anew, with you as its writer.")


class ReportBegun(Conflict):
    code = "report_begun"
    message = _("%(name)s has begun this report. Nothing was changed.")
    next_step = _("Take the text over first if you go on with it.")


class ReadBackMissing(Invalid):
    code = "read_back_missing"
    message = _("Write back what you understood. The critical value still waits.")
    next_step = _("Repeat the finding and say what you do first.")


class CriticalValueWaits(Conflict):
    code = "critical_value_waits"
    heading = _("A critical value waits")
    message = _("A critical value of this consult is not acknowledged yet. The consult was not closed.")
    next_step = _("Acknowledge the critical value first, then close.")


class TextsUnderWay(Conflict):
    """Closing does not end them; it is done by somebody who knows of them."""

    code = "texts_under_way"
    heading = _("A text of this consult is not signed yet")
    message = _("A text of this consult is written or checked and not signed yet. The consult was not closed.")
    next_step = _("See below what it is. If you do not want to wait for it, close once more.")


class ImagesUndecided(Conflict):
    """No image joins what has ended: closing is done by somebody who knows what it leaves out."""

    code = "images_undecided"
    heading = _("It is open whose images these are")
    message = _("Images came for this consult and are not part of it yet. The consult was not closed.")
    next_step = _("See below which. If they are to stay out, close once more.")


class StudyMismatch(Invalid):
    code = "study_mismatch"
    message = _("Say why it is the same patient: the header of this study does not show it. It was not attached.")
    next_step = _("If it is the same person, say why; a second person then confirms it.")


class StudyPutAway(StudyMismatch):
    message = _("Say why it is the same patient: these images were said to show another one. They were not attached.")


class StudyPutAwayMeanwhile(StaleForm):
    code = "study_put_away_meanwhile"
    message = _("%(name)s said on %(when)s that these images show another patient. They were not attached.")
    next_step = _("Look once more whose images these are. If it is this patient after all, send your reason again.")


class SecondPersonNeeded(Forbidden):
    code = "second_person_needed"
    message = _("You asked for this yourself, so a second person has to confirm it.")
    next_step = _("Ask a colleague of your hospital who may send images.")


PAGE_REFUSALS: dict[str, Text] = {
    "no_page": _("“%(name)s” is not a PDF, JPEG or PNG file. It was not stored."),
    "damaged": _("“%(name)s” was cut off on the way or damaged: photograph or scan it again. It was not stored."),
    "too_many_pixels": _("“%(name)s” has too many pixels: photograph or scan it less finely. It was not stored."),
    "locked": _("“%(name)s” opens with a password only: save it without one. It was not stored."),
    "busy": _("“%(name)s” could not be looked at just now: send it once more. It was not stored."),
}


class AttachmentRefused(Invalid):
    """`reason` is a key of PAGE_REFUSALS."""

    code = "attachment_refused"
    next_step = _("Send the page as a PDF or as a photo in JPEG or PNG.")

    def __init__(self, *, name: str, reason: str = "no_page") -> None:
        super().__init__(PAGE_REFUSALS[reason], name=name)


class ConsentMissing(Conflict):
    code = "consent_missing"
    message = _("There is no valid consent to teaching use for this consult.")
    next_step = _("Record the signed consent form first.")


class NotClosedYet(Conflict):
    code = "not_closed_yet"
    heading = _("This consult is not closed yet")
    message = _("A consult can be released for teaching only after it is closed.")
    next_step = _("Close it with feedback first.")

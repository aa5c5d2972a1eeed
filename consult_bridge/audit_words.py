"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.models.study import AttachedHow
from consult_bridge.states import CONSULT
from core.audit.words import Family, Subject, Values, register_words

ACTIONS = {
    Family.READ: {
        "consult.viewed": _("Opened a consult"),
        "consult.attachment_read": _("Opened a file of a consult"),
        "consult.consent_read": _("Opened the consent form of a consult"),
        "consult.opinion_read": _("Opened the opinion of a consult"),
        "consult.report_read": _("Opened an imaging report of a consult"),
        "consult.teaching_reason_read": _("Read why a consult was proposed for teaching"),
    },
    Family.WRITTEN: {
        "consult.submit": _("Submitted a consult"),
        "consult.start_triage": _("Began the triage of a consult"),
        "consult.assign": _("Assigned a consult to an expert"),
        "consult.request_information": _("Asked for missing information"),
        "consult.resume_in_session": _("Supplied the information: the session goes on"),
        "consult.resume_in_triage": _("Supplied the information: triage goes on"),
        "consult.resume_assigned": _("Supplied the information: the consult waits for the expert again"),
        "consult.resume_accepted": _("Supplied the information: the expert goes on"),
        "consult.resume_scheduled": _("Supplied the information: the appointment stands"),
        "consult.resume_drafting": _("Supplied the information: writing goes on"),
        "consult.accept": _("Accepted a consult"),
        "consult.hand_back": _("Handed a consult back to triage"),
        "consult.schedule": _("Set the time of a consult"),
        "consult.start_session": _("Began the session of a consult"),
        "consult.start_drafting": _("Began to write the opinion"),
        "consult.submit_opinion": _("Sent the opinion to be checked"),
        "consult.return_opinion": _("Returned the opinion to its writer"),
        "consult.take_back_opinion": _("Took the opinion back before it was checked"),
        "consult.close": _("Closed a consult"),
        "consult.message_posted": _("Wrote a message in a consult"),
        "consult.overdue": _("A consult went past its time"),
        "consult.proposed_for_teaching": _("Proposed a consult for teaching"),
        "consult.images_wait": _("The images of a request could not be handed to the archive"),
        "consult.files_refused": _("Image files of a consult could not be stored"),
        "consult.refusals_read": _("Read which image files could not be stored"),
        "consult.reading_stopped": _("Reading image files of a consult gave up"),
        "consult.read_again": _("Had image files of a consult read again"),
        "consult.images_sent_again": _("Handed the images of a request to the archive again"),
        "draft.expiry_told": _("Told a doctor that a draft will be deleted"),
        "consent.given": _("Recorded the consent to teaching"),
        "critical.raised": _("Reported a critical value"),
        "critical.acknowledged": _("Acknowledged a critical value"),
        "critical.overdue": _("A critical value was not acknowledged in time"),
        "opinion.saved": _("Saved a draft of the opinion"),
        "opinion.document_ordered": _("Ordered the document of the opinion"),
        "consult.checker_named": _("Named a second doctor of another hospital"),
        "opinion.amendment_begun": _("Began to correct the opinion"),
        "opinion.amendment_submitted": _("Sent a correction of the opinion to be checked"),
        "opinion.amendment_returned": _("Returned a correction of the opinion to its writer"),
        "opinion.amendment_taken_back": _("Took a correction of the opinion back before it was checked"),
        "opinion.amendment_given_up": _("Gave up a correction of the opinion"),
        "opinion.taken_over": _("Took over the writing of the opinion"),
        "report.taken_over": _("Took over the writing of an imaging report"),
        "report.saved": _("Saved a draft of an imaging report"),
        "report.submitted": _("Sent an imaging report to be checked"),
        "report.returned": _("Returned an imaging report to its writer"),
        "report.taken_back": _("Took an imaging report back before it was checked"),
        "report.given_up": _("Gave up an imaging report, or its correction"),
        "report.amendment_begun": _("Began to correct an imaging report"),
        "report.document_ordered": _("Ordered the document of an imaging report"),
        "study.attached": _("Attached an imaging study to a consult"),
        "study.set_aside": _("Set an imaging study aside until somebody says whose it is"),
        "study.not_this_patient": _("Said that an imaging study shows another patient"),
        "study.other_patient_taken_back": _("Took back that an imaging study shows another patient"),
        "study.mismatch_reasoned": _("Gave the reason why an imaging study belongs here"),
        "patient.contact_changed": _("Changed a patient’s contact details"),
        "patient.record_confirmed": _("Confirmed that the patient’s record is right"),
        "patient.corrected": _("Corrected a patient’s record"),
    },
    Family.SIGNED: {
        "consult.sign": _("Signed the opinion"),
        "opinion.amended": _("Signed a corrected opinion"),
        "report.signed": _("Signed an imaging report"),
        "report.amended": _("Signed a corrected imaging report"),
        "study.same_patient_confirmed": _("Confirmed as second person that it is the same patient"),
    },
    Family.REFUSED: {
        "consult.decline": _("Declined a consult"),
    },
    Family.WITHDRAWN: {
        "consult.cancel": _("Cancelled a consult"),
        "consult.expire": _("A consult expired without the information"),
        "draft.discarded": _("Deleted a draft of a consult"),
        "draft.expired": _("A draft of a consult was kept long enough and deleted"),
        "draft.files_removed": _("Removed the files of a deleted draft"),
        "unsaved_text.forgotten": _("Deleted a text that was never saved, after its document was finished"),
        "consent.withdrawn": _("Withdrew the consent to teaching"),
        "critical.withdrawn": _("Withdrew a critical value"),
    },
    Family.RELEASED: {
        "consult.released_for_teaching": _("Released a consult for teaching"),
    },
}
SUBJECTS = {
    "consult": Subject(pgettext_lazy("audit", "Consult")),
    "consult_draft": Subject(pgettext_lazy("audit", "Draft of a consult")),
    "patient": Subject(pgettext_lazy("audit", "Patient")),
}
FACTS = {
    "attachment": pgettext_lazy("audit", "File"),
    "consent": pgettext_lazy("audit", "Consent"),
    "critical_value": pgettext_lazy("audit", "Critical value"),
    "former_writer": pgettext_lazy("audit", "Written until then by"),
    "how": pgettext_lazy("audit", "Attached by"),
    "opinion": pgettext_lazy("audit", "Opinion"),
    "release": pgettext_lazy("audit", "Release for teaching"),
    "report": pgettext_lazy("audit", "Imaging report"),
    "revision": pgettext_lazy("audit", "Revision"),
}
VALUES: dict[str, Values] = {
    "list": {
        "consult_bridge.arrived": pgettext_lazy("audit", "Arrived images"),
        "consult_bridge.consults": pgettext_lazy("audit", "Consults"),
        "consult_bridge.drafts": pgettext_lazy("audit", "Drafts of consults"),
        "consult_bridge.latest": pgettext_lazy("audit", "Newest of the work list"),
        "consult_bridge.tasks": pgettext_lazy("audit", "First screen"),
        "consult_bridge.worklist": pgettext_lazy("audit", "Work list"),
    },
    "how": dict(AttachedHow.choices),
    "state": {name: state.label for name, state in CONSULT.states.items()},
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS, values=VALUES)

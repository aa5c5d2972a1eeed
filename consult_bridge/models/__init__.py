from consult_bridge.models.consent import ConsentGiver, ConsentRelease, TeachingConsent
from consult_bridge.models.consult import Consult, ConsultScope, ConsultStep
from consult_bridge.models.draft import ConsultDraft, DraftFile, DraftFileKind, GoneDraft
from consult_bridge.models.feedback import Feedback, Outcome
from consult_bridge.models.opinion import Opinion, OpinionDocument, OpinionRevision
from consult_bridge.models.patient import Patient
from consult_bridge.models.proposal import TeachingReason
from consult_bridge.models.record import ClinicalRecord, LabResult, RecordAttachment, VitalSign
from consult_bridge.models.report import CriticalValue, Report, ReportDocument, ReportRevision
from consult_bridge.models.study import (
    ArrivedStudy,
    AttachedHow,
    ConsultStudy,
    ConsultUpload,
    RefusedStudy,
    Said,
    StudyDecision,
)
from consult_bridge.models.thread import ConsultMessage, ConsultThread
from consult_bridge.models.unsaved import UnsavedText

__all__ = [
    "ArrivedStudy",
    "AttachedHow",
    "ClinicalRecord",
    "ConsentGiver",
    "ConsentRelease",
    "Consult",
    "ConsultDraft",
    "ConsultMessage",
    "ConsultScope",
    "ConsultStep",
    "ConsultStudy",
    "ConsultThread",
    "ConsultUpload",
    "CriticalValue",
    "DraftFile",
    "DraftFileKind",
    "Feedback",
    "GoneDraft",
    "LabResult",
    "Opinion",
    "OpinionDocument",
    "OpinionRevision",
    "Outcome",
    "Patient",
    "RecordAttachment",
    "RefusedStudy",
    "Report",
    "ReportDocument",
    "ReportRevision",
    "Said",
    "StudyDecision",
    "TeachingConsent",
    "TeachingReason",
    "UnsavedText",
    "VitalSign",
]

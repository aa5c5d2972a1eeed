"""What stands above a signed text: the accession number only where there is one."""

from __future__ import annotations

from django.utils import translation

from consult_bridge.models import Consult, Opinion
from consult_bridge.services.documents import document_data
from tests.factories.consults import consult_in


def head_of(consult):
    with translation.override("zh-hans"):
        return dict(document_data(Opinion.unscoped.get(consult=consult))["facts"])


def test_a_consult_without_accession_number_prints_none(bridge, now):
    consult = consult_in(bridge, "signed", now)
    Consult.unscoped.filter(pk=consult.pk).update(accession_number="")
    head = head_of(consult)
    assert ("检查号" in head, len(head), "–" in head.values()) == (False, 7, False)


def test_an_accession_number_is_printed(bridge, now):
    consult = consult_in(bridge, "signed", now)
    Consult.unscoped.filter(pk=consult.pk).update(accession_number="QX-88")
    assert head_of(consult)["检查号"] == "QX-88"

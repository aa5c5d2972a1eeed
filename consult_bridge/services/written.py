"""Write, check, sign: what opinion and imaging report share. Called inside the transaction of a service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from consult_bridge.errors import AlreadySigned, HeadingsEmpty, OpinionBegun, ReportBegun, SignedByYou, TextGivenUp
from consult_bridge.headings import empty_headings, holds_nothing
from consult_bridge.models import Opinion
from consult_bridge.models.written import WrittenDocument
from consult_bridge.selectors.second_doctors import second_doctors
from consult_bridge.services.moving import went_on
from consult_bridge.states import FINISHING, REPORT
from core import crypto
from core.actor import Actor
from core.errors import Conflict, Invalid, Text
from core.states import WrongState
from directory import api as directory

Written = TypeVar("Written", bound=WrittenDocument)
Error = TypeVar("Error", bound=Conflict)


def store(
    document: WrittenDocument,
    texts: Mapping[str, str],
    *,
    template: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Save the texts as the next revision; a returned document is in the writer's hands again."""
    for name in document.TEXTS:
        setattr(document, name, texts[name].strip())
    document.template = template or document.template
    if document.state == "returned":
        document.state = REPORT.check(document.state, "save")
    document.revision += 1
    document.saved_at = now
    document.save()
    _keep_revision(document, actor=actor, now=now)


def _keep_revision(document: WrittenDocument, *, actor: Actor, now: datetime) -> None:
    document.revisions.create(
        number=document.revision,
        saved_by_id=actor.person_id,
        saved_at=now,
        **{name: getattr(document, name) for name in document.TEXTS},
    )


def take_over(document: WrittenDocument, *, actor: Actor, now: datetime) -> None:
    """The actor is its writer from now on; who wrote it until now cannot be its second doctor any more."""
    document.former_writers.add(document.written_by_id)
    document.written_by_id, document.taken_over_at = actor.person_id, now
    document.save()


def name_of(person_id: UUID | None) -> str:
    card = directory.get_person(person_id) if person_id else None
    return card.name if card else ""


def begun_by_another(document: WrittenDocument) -> Conflict:
    """Says who writes it."""
    begun = OpinionBegun if isinstance(document, Opinion) else ReportBegun
    return begun(name=name_of(document.written_by_id))


def waiting_to_check(document: WrittenDocument, *, now: datetime) -> list[UUID]:
    """The second doctors that may be told of it: none who has written in it."""
    return second_doctors(document, now=now)


def differs(document: WrittenDocument, texts: Mapping[str, str]) -> bool:
    return any(getattr(document, name) != texts[name].strip() for name in document.TEXTS)


def require_complete(document: WrittenDocument, error: type[Invalid]) -> None:
    """Raise `error` where a required text is empty or holds headings of its template alone, and HeadingsEmpty where
    single ones of them have nothing after them. The fields name what is meant. An amendment says what changed."""
    also = ("change_reason",) if document.is_amendment else ()
    missing = {name for name in (*document.REQUIRED, *also) if holds_nothing(getattr(document, name))}
    fields: dict[str, list[Text]] = {name: [error.message] for name in document.TEXTS if name in missing}
    for name in document.TEXTS:
        if headings := empty_headings(getattr(document, name)):
            fields.setdefault(name, []).append(_lines_to_fill(headings))
    if missing:
        raise error(fields=fields)
    if fields:
        raise HeadingsEmpty(fields=fields)


def _lines_to_fill(headings: list[str]) -> str:
    names = pgettext("list", ", ").join(headings)
    return gettext("Still empty: %(lines)s. Fill the line in, write “not assessed”, or delete it.") % {"lines": names}


def is_same(document: WrittenDocument, texts: Mapping[str, str] | None) -> bool:
    """Whether what comes once more is what is stored; no texts are no change."""
    return texts is None or not differs(document, texts)


def was_saved(document: WrittenDocument, typed: Mapping[str, str], revision: int, *, actor: Actor) -> bool:
    """Whether this is the second of two clicks that save a form of `revision`: the first one's text is the latest, and
    nobody has returned it since."""
    if document.state == "returned":
        return False
    begins = not revision and not document.is_amendment
    following = document.begun_from or 1 if begins else revision + 1
    is_latest = document.revision == following and typed["template"] in {"", document.template}
    own = document.revisions.filter(number=following, saved_by_id=actor.person_id)
    return is_latest and is_same(document, typed) and own.exists()


def signed_before(document: WrittenDocument, error_type: type[AlreadySigned] = AlreadySigned) -> AlreadySigned:
    return with_way(error_type(name=name_of(document.signed_by_id)), document)


def with_way(error: Error, document: WrittenDocument) -> Error:
    """The error with the address at which its document is read."""
    error.way = (_("Open the consult"), reverse("consult_bridge:consult", args=[document.consult_id]))
    return error


def is_of_earlier(document: WrittenDocument, revision: int) -> bool:
    """Whether a form that was opened with `revision` showed a version that was signed before this one was begun."""
    before: Any = document.amends
    return before is not None and revision <= before.revision


def is_given_up(document: WrittenDocument, revision: int) -> bool:
    """Whether a form that was opened with `revision`, and shows no earlier version, showed a text that was given up:
    before this one was begun again, or since it was signed."""
    if 0 < revision < document.begun_from:
        return True
    given_up = type(document).unscoped.filter(amends=document, state="given_up", revision__gte=revision)
    return document.is_signed and revision > document.revision and given_up.exists()


def require_this_version(
    document: WrittenDocument, revision: int | None, error_type: type[AlreadySigned] = AlreadySigned
) -> None:
    """Raises where the page with `revision` showed another version: `error_type` where that was signed, or this one
    is, TextGivenUp."""
    if revision is None:
        return
    if is_of_earlier(document, revision):
        before: Any = document.amends
        raise signed_before(before, error_type)
    if is_given_up(document, revision):
        raise with_way(TextGivenUp(), document)


def require_unsigned(
    document: WrittenDocument | None, revision: int, error_type: type[AlreadySigned] = AlreadySigned
) -> None:
    """Raises TextGivenUp where the page showed a correction that was given up, `error_type` after signing."""
    if document is not None and document.is_signed:
        require_this_version(document, revision)
        raise signed_before(document, error_type)


def require_finishing(document: WrittenDocument) -> None:
    """Raises ConsultWentOn where the consult has ended before its texts, or waits for information."""
    if document.consult.state not in FINISHING:
        raise went_on(document.consult)


def require_being_written(document: WrittenDocument) -> None:
    """Raises what `require_finishing` raises, and WrongState where it is in a second doctor's hands."""
    require_finishing(document)
    if not document.is_being_written:
        raise WrongState(state=REPORT.states[document.state].label)


def was_signed(document: WrittenDocument, typed: Mapping[str, str] | None, revision: int, *, actor: Actor) -> bool:
    """Whether this is the signer's second click. Raises SignedByYou for another text, AlreadySigned for anybody else,
    TextGivenUp."""
    is_own = document.signed_by_id == actor.person_id
    if document.is_signed and is_own and is_same(document, typed):
        return True
    require_unsigned(document, revision, SignedByYou if is_own else AlreadySigned)
    return False


def freeze(
    document: WrittenDocument, content: Callable[[Any], bytes], *, purpose: str, actor: Actor, now: datetime
) -> None:
    """Sign: from here on nothing changes in the row but its state. `content` gives the bytes that are signed."""
    document.state = REPORT.check(document.state, "sign")
    document.signed_by_id = actor.person_id
    document.checked_by_id = actor.person_id if actor.person_id != document.written_by_id else None
    document.signed_at = now
    signed = content(document)
    document.content_hash = crypto.digest(signed)
    document.signature = str(crypto.sign(signed, purpose=purpose))
    document.save()


def begin_amendment(before: Written, *, reason: str, actor: Actor, now: datetime, **same: Any) -> Written:
    """A further version of a signed document, with its texts and `same`; the signed one stays in force, and readable,
    until the new one is signed. Its revisions count on from those before, so that no form of an earlier version, or of
    a correction that was given up, fits."""
    rows = type(before).unscoped.filter(consult=before.consult, **same)
    document = rows.filter(amends=before).first()
    if document is not None:
        begin_again(document, actor=actor, now=now)
    else:
        document = type(before)(
            consult=before.consult,
            version=before.version + 1,
            amends=before,
            revision=rows.aggregate(highest=Max("revision"))["highest"],
            written_by_id=actor.person_id,
            created_at=now,
            **same,
        )
    texts = {name: getattr(before, name) for name in before.TEXTS} | {"change_reason": reason}
    store(document, texts, template=before.template, actor=actor, now=now)
    return document


def begin_again(document: WrittenDocument, *, actor: Actor, now: datetime) -> None:
    """What was given up is the actor's own from now on, and of nobody before: its texts are not gone on with. The
    caller stores the new ones."""
    document.state = REPORT.check(document.state, "begin_again")
    document.begun_from = document.revision + 1
    document.written_by_id, document.created_at = actor.person_id, now
    document.taken_over_at = document.submitted_at = None
    document.return_reason = ""
    document.former_writers.clear()


def is_begun_amendment(document: WrittenDocument) -> bool:
    """What the second of two clicks on the beginning finds."""
    return document.state == "drafting" and document.is_amendment


def replace_amended(document: WrittenDocument) -> None:
    """It is signed: what it amends is in force no more."""
    before: Any = document.amends
    if before is not None:
        before.state = REPORT.check(before.state, "amend")
        before.save()


def canonical(document: WrittenDocument, *, texts: tuple[str, ...] = (), **head: object) -> bytes:
    """The bytes that hash and signature cover: canonical JSON of `head` (which document, which it
    amends), texts (all, unless they are named), people and time."""
    body = {
        **head,
        "consult": str(document.consult_id),
        **{name: getattr(document, name) for name in texts or document.TEXTS},
        "written_by": str(document.written_by_id),
        "signed_by": str(document.signed_by_id),
        "signed_at": document.signed_at.isoformat() if document.signed_at else "",
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

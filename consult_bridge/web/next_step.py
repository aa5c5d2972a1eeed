"""The bar on top of a consult: whose turn it is, what comes next, and the button for it, wherever one lands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult_bridge.selectors.record import fresh_answer
from consult_bridge.states import ANSWERING, ENDED
from consult_bridge.vocabulary import SERVICES
from consult_bridge.web.standing import Bar, Button, Standing, Tone
from core.ui.tags.times import written


def bars_of(standing: Standing) -> list[Bar]:
    """What went wrong first, then what waits for this person, then how the consult stands."""
    return [
        *_troubles(standing),
        *_answer_bars(standing),
        *_report_bars(standing),
        *_correction_bars(standing),
        _main_bar(standing),
    ]


def _troubles(standing: Standing) -> Iterator[Bar]:
    may_send = standing.may["upload"]
    if standing.unsent and (may_send or standing.is_asking):
        yield Bar(
            Tone.TROUBLE,
            "triangle-alert",
            _("The image files of this request were not handed to the archive. They are kept."),
            _("Send them again.")
            if may_send
            else _("A colleague of your hospital who may send images can send them again here."),
            [_posting(standing, _("Send the images again"), "upload", "send_again")] if may_send else (),
        )
    if standing.unread:
        yield Bar(
            Tone.TROUBLE,
            "triangle-alert",
            _("Image files of this consult have not been read: reading stopped several times. The files are kept."),
            _("It is no fault of your files."),
            [_posting(standing, _("Have them read again"), "rotate-ccw", "read_again")],
        )
    yield from _image_troubles(standing)


def _image_troubles(standing: Standing) -> Iterator[Bar]:
    """What only the requesting side can say of images, each with the page where it is said; others read that it is
    open."""
    yield from _aside_bars(standing) if standing.may["upload"] else _open_identity(standing)
    if standing.to_confirm:
        yield Bar(
            Tone.MINE,
            "user-check",
            _("A study waits for a second person who confirms whose it is."),
            _("Look whether it shows this patient, and confirm it."),
            [_images(standing)],
        )
    if standing.refused:
        yield Bar(
            Tone.TROUBLE,
            "file-x",
            ngettext(
                "%(n)d image file could not be stored.", "%(n)d image files could not be stored.", standing.refused
            )
            % {"n": standing.refused},
            _("Each is listed with the reason and what to do."),
            [Button(_("Look at the files"), standing.url("images") + "#refused", "arrow-right")],
        )


def _images(standing: Standing) -> Button:
    return Button(_("Look whose they are"), standing.url("images"), "user-check")


def _aside_bars(standing: Standing) -> Iterator[Bar]:
    """Another patient's name is an alarm; numbers that cannot be compared are a question."""
    then = _("It is not part of the consult until you have looked whose it is.")
    if named := standing.aside.naming_another:
        title = ngettext(
            "%(n)d study arrived that names another patient.",
            "%(n)d studies arrived that name another patient.",
            named,
        )
        yield Bar(Tone.TROUBLE, "triangle-alert", title % {"n": named}, then, [_images(standing)])
    if unnumbered := standing.aside.unnumbered:
        title = ngettext(
            "%(n)d study arrived whose patient number cannot be compared.",
            "%(n)d studies arrived whose patient numbers cannot be compared.",
            unnumbered,
        )
        yield Bar(Tone.MINE, "user-check", title % {"n": unnumbered}, then, [_images(standing)])


def _open_identity(standing: Standing) -> Iterator[Bar]:
    """Nobody relies on images of which it is open whose they are."""
    hospital = standing.consult.requesting_organisation.shown_name
    then = _("%(hospital)s looks whose it is; until then it is not part of the consult.") % {"hospital": hospital}
    if named := standing.not_attached.naming_another:
        title = ngettext(
            "%(n)d study arrived and names another patient.", "%(n)d studies arrived and name another patient.", named
        )
        yield Bar(Tone.TROUBLE, "triangle-alert", title % {"n": named}, then)
    if unnumbered := standing.not_attached.unnumbered:
        title = ngettext(
            "%(n)d study arrived whose patient number cannot be compared.",
            "%(n)d studies arrived whose patient numbers cannot be compared.",
            unnumbered,
        )
        yield Bar(Tone.WAIT, "clock", title % {"n": unnumbered}, then)


def _posting(standing: Standing, label: str, icon: str, action: str) -> Button:
    return Button(label, standing.url("images"), icon, is_form=True, posts={"action": action})


def _answer_bars(standing: Standing) -> Iterator[Bar]:
    """What was asked for has come, for whoever goes on with it, until the consult has moved on."""
    answer = fresh_answer(standing.history)
    goes_on = any(standing.may[name] for name in ("triage", "accept", "write"))
    if answer is None or not goes_on or standing.is_asking:
        return
    title = _("What was asked for has come.")
    button = Button(_("Read it in the record"), f"{standing.url('consult')}?pane=rec#answers", "file-text", False)
    yield Bar(Tone.MINE, "file-check", title, answer.note, [button])


def _report_bars(standing: Standing) -> Iterator[Bar]:
    """An imaging report goes its own way, also after the consult was closed."""
    if standing.may_report.get("check"):
        button = standing.part(_("Check the report"), "report", "file-scan")
        yield Bar(Tone.MINE, "file-scan", _("An imaging report waits for your review."), "", [button])
    elif standing.may_report.get("write"):
        button = standing.part(_("Go on with the report"), "report", "file-scan")
        yield Bar(Tone.MINE, "file-scan", _("Your imaging report is not finished."), "", [button])
    elif standing.may_report.get("take_back"):
        button = _taking_back(standing.report_url(), standing.report)
        yield Bar(Tone.WAIT, "clock", _("A second doctor checks your imaging report next."), "", [button])
    if standing.may["name_checker"] and standing.consult.state not in ANSWERING:
        yield _nobody_left(standing)


def _correction_bars(standing: Standing) -> Iterator[Bar]:
    """A correction of the signed opinion goes its own way too."""
    opinion, may = standing.opinion, standing.may
    if opinion is None or not opinion.is_amendment or opinion.is_signed:
        return
    if may["check"]:
        button = standing.part(_("Read and check"), "opinion", "file-check")
        title = _("A correction of the opinion waits for your review.")
        yield Bar(Tone.MINE, "file-check", title, _("Read it, then sign or return it."), [button])
    elif may["write"]:
        button = standing.part(_("Go on with the correction"), "opinion", "file-pen-line")
        yield Bar(Tone.MINE, "file-pen-line", _("Your correction of the opinion is not finished."), "", [button])
    elif may["take_back"]:
        button = _taking_back(standing.url("opinion"), opinion)
        yield Bar(Tone.WAIT, "clock", _("A second doctor checks your correction of the opinion next."), "", [button])


def _taking_back(url: str, document: Any) -> Button:
    """For the writer, while no second doctor has begun."""
    posts = {"action": "take_back", "revision": str(document.revision)}
    return Button(_("Take it back to change it"), url, "undo-2", is_primary=False, is_form=True, posts=posts)


def _nobody_left(standing: Standing) -> Bar:
    button = standing.part(_("Name the second doctor"), "opinion", "user-check")
    return Bar(Tone.MINE, "triangle-alert", _("Nobody of this hospital is left to check this text"), "", [button])


def _main_bar(standing: Standing) -> Bar:
    state = standing.consult.state
    if state in ENDED:
        return _closed(standing) if state == "closed" else _stopped(standing)
    if state in ANSWERING:
        return _answering(standing)
    ways = {"awaiting_information": _awaiting, "assigned": _assigned, "signed": _signed}
    return ways.get(state, _in_triage)(standing)


def _in_triage(standing: Standing) -> Bar:
    if standing.may["triage"]:
        return Bar(
            Tone.MINE,
            "route",
            _("Triage this consult."),
            _("Assign an expert, ask for what is missing, or decline."),
            [_triage(standing)],
        )
    return Bar(
        Tone.WAIT,
        "clock",
        _("The consult centre of %(hospital)s triages it next.")
        % {"hospital": standing.consult.receiving_organisation.shown_name},
        _("You are told as soon as it is assigned.") if standing.is_asking else "",
    )


def _triage(standing: Standing, *, is_primary: bool = True) -> Button:
    return Button(_("Triage"), standing.url("triage"), "route", is_primary=is_primary)


def _assigned(standing: Standing) -> Bar:
    if standing.may["accept"]:
        button = Button(_("Accept"), standing.url("accept"), "check", is_form=True)
        return Bar(Tone.MINE, "stethoscope", _("Accept this consult."), _("Then write the opinion."), [button])
    return Bar(
        Tone.WAIT,
        "clock",
        _("%(name)s accepts it next.") % {"name": _expert(standing)},
        buttons=[_triage(standing, is_primary=False)] if standing.may["triage"] else (),
    )


def _expert(standing: Standing) -> str:
    return standing.consult.expert.name if standing.consult.expert else _("The expert")


def _writer(standing: Standing) -> str:
    """Whoever has it in hand; where unsigned texts are not seen, the expert who answers for it."""
    if standing.opinion is None or not standing.may["see_drafts"]:
        return _expert(standing)
    return standing.opinion.written_by.name


def _awaiting(standing: Standing) -> Bar:
    if standing.may["supply"]:
        button = Button(_("Supply information"), standing.url("supply"), "file-plus")
        return Bar(Tone.MINE, "file-question-mark", _("Supply what is missing."), standing.asked, [button])
    return Bar(
        Tone.WAIT,
        "circle-pause",
        _("%(hospital)s supplies information next.")
        % {"hospital": standing.consult.requesting_organisation.shown_name},
        _("Until then the clock stands still."),
    )


def _answering(standing: Standing) -> Bar:
    opinion, may = standing.opinion, standing.may
    if may["name_checker"]:
        return _nobody_left(standing)
    if may["check"]:
        button = standing.part(_("Read and check"), "opinion", "file-check")
        return Bar(
            Tone.MINE,
            "file-check",
            _("An opinion waits for your review."),
            _("Read it, then sign or return it."),
            [button],
        )
    if standing.consult.state == "under_review":
        buttons = [_taking_back(standing.url("opinion"), opinion)] if may["take_back"] else ()
        return Bar(Tone.WAIT, "clock", _("A second doctor checks the opinion next."), buttons=buttons)
    if not may["write"]:
        buttons = [_second(standing.part(_("See the text"), "opinion", "file-text"))] if may["take_over"] else []
        return Bar(Tone.WAIT, "clock", _("%(name)s writes the opinion.") % {"name": _writer(standing)}, "", buttons)
    if opinion is not None and opinion.state == "returned":
        button = standing.part(_("Revise the opinion"), "opinion", "pen-line")
        return Bar(Tone.MINE, "pen-line", _("The second doctor returned the opinion."), opinion.return_reason, [button])
    button = standing.part(_("Write the opinion"), "opinion", "pen-line")
    is_checked = SERVICES[standing.consult.service_type].needs_checker
    then = _("Then a second doctor checks it.") if is_checked else ""
    return Bar(Tone.MINE, "pen-line", _("Write the opinion."), then, [button])


def _signed(standing: Standing) -> Bar:
    read = standing.part(_("Read the opinion"), "opinion", "file-text")
    if standing.may["close"]:
        close = Button(_("Close with feedback"), standing.url("close"), "check-check")
        return Bar(
            Tone.MINE,
            "check-check",
            _("Read the opinion, then close the consult with feedback."),
            "",
            [close, _second(read)],
        )
    return Bar(
        Tone.WAIT,
        "circle-check",
        _signature(standing),
        _("The requesting doctor closes the consult next."),
        [_second(read)],
    )


def _second(button: Button) -> Button:
    return Button(button.label, button.url, button.icon, is_primary=False, tab=button.tab)


def _signature(standing: Standing) -> str:
    """Who signed, as the reader's own part in it."""
    opinion = standing.in_force
    if opinion is None or opinion.signed_at is None:
        return _("No opinion was signed.")
    day = written(opinion.signed_at)
    if opinion.signed_by_id == standing.actor.person_id:
        return _("You signed the opinion on %(day)s.") % {"day": day}
    values = {"day": day, "name": opinion.signed_by.name if opinion.signed_by else ""}
    if opinion.written_by_id == standing.actor.person_id:
        return _("%(name)s signed your opinion on %(day)s.") % values
    return _("%(name)s signed the opinion on %(day)s.") % values


def _closed(standing: Standing) -> Bar:
    read = _second(standing.part(_("Read the opinion"), "opinion", "file-text"))
    ended_at = standing.consult.ended_at
    closed = _("Closed on %(day)s.") % {"day": written(ended_at) if ended_at else "–"}
    if standing.may["consent"]:
        has, icon = standing.has_consent, "file-heart"
        consent = Button(_("Consent to teaching use"), standing.url("consent"), icon, is_primary=not has)
        text = (
            _("The patient’s consent to teaching use is recorded.")
            if has
            else _("Others can learn from it when the patient consents.")
        )
        return Bar(Tone.END, "circle-check", closed, text, [consent, read], has_teaching=True)
    return Bar(Tone.END, "circle-check", _signature(standing), closed, [read], has_teaching=True)


def _stopped(standing: Standing) -> Bar:
    titles = {
        "declined": _("The consult was declined."),
        "cancelled": _("The request was taken back."),
        "expired": _("The consult expired because no information came."),
    }
    may_ask = standing.is_asking and standing.actor.may("consult.request")
    again = Button(_("Request a consult"), reverse("consult_bridge:new_consult"), "plus", is_primary=False)
    return Bar(
        Tone.END,
        "circle-x",
        titles[standing.consult.state],
        standing.last_note,
        [again] if may_ask else (),
    )


def shown_bars(standing: Standing, *, tab: str, pane: str) -> list[dict[str, Any]]:
    """The bars for the template. A button into a part of this page is left out where that part is open: on a phone
    when it is the pane, at a desk, where the panes stand side by side, when it is the tab."""
    return [
        {
            "bar": bar,
            "buttons": [
                (button, "x-only-md" if button.tab == tab else "")
                for button in bar.buttons
                if not (button.tab and button.tab == tab and pane == "op")
            ],
        }
        for bar in bars_of(standing)
    ]

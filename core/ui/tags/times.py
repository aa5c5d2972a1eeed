"""Moments and clocks, in the words of the house: 24-hour times, relative only within 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

DAY = timedelta(hours=24)
SOON_SHARE = 0.25


def _format(moment: date, *, with_year: bool, with_time: bool) -> str:
    is_chinese = (translation.get_language() or "").startswith("zh")
    if is_chinese:
        pattern = "Y年n月j日" if with_year else "n月j日"
        return date_format(moment, pattern + (" H:i" if with_time else ""))
    pattern = "j F Y" if with_year else "j F"
    return date_format(moment, pattern + (", H:i" if with_time else ""))


def written(moment: datetime | date, now: datetime | None = None) -> str:
    """A date, or a date with its time, as text; the year only when it is not the current one."""
    today = timezone.localtime(now or timezone.now())
    if isinstance(moment, datetime):
        local = timezone.localtime(moment)
        return _format(local, with_year=local.year != today.year, with_time=True)
    return _format(moment, with_year=moment.year != today.year, with_time=False)


def weekday(moment: datetime) -> SafeString:
    """<time> with date, day of the week and time: the line above the day's work."""
    local = timezone.localtime(moment)
    is_chinese = (translation.get_language() or "").startswith("zh")
    shown = date_format(local, "n月j日 l，H:i" if is_chinese else "l j F, H:i")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), shown)


def date_time(moment: datetime | None) -> SafeString:
    """<time> with date and time; an en rule for nothing."""
    if moment is None:
        return SafeString("–")
    return format_html('<time class="x-num" datetime="{}">{}</time>', moment.isoformat(), written(moment))


def short_time(moment: datetime, now: datetime | None = None) -> SafeString:
    """<time> for narrow places: 14:05 today, else the day without its time; the whole moment is in the title."""
    local, today = timezone.localtime(moment), timezone.localtime(now or timezone.now())
    if timezone.localdate(local) == timezone.localdate(today):
        shown = date_format(local, "H:i")
    else:
        shown = _format(local, with_year=local.year != today.year, with_time=False)
    whole = written(moment, now)
    return format_html('<time class="x-num" datetime="{}" title="{}">{}</time>', moment.isoformat(), whole, shown)


def plain_date(day: date | datetime | None) -> SafeString:
    """<time> with the full date: 22 November 2026, 2026年11月22日."""
    if day is None:
        return SafeString("–")
    local = timezone.localdate(day) if isinstance(day, datetime) else day
    shown = _format(local, with_year=True, with_time=False)
    return format_html('<time class="x-num" datetime="{}">{}</time>', local.isoformat(), shown)


def span(length: timedelta) -> str:
    """How long something took, in the largest unit that still says it: minutes, hours, from two days on days."""
    hours = length / timedelta(hours=1)
    if hours < 1:
        return pgettext("length", "%(n)s min") % {"n": max(1, round(60 * hours))}
    if hours < 48:
        return pgettext("length", "%(n)s h") % {"n": f"{hours:.1f}"}
    return pgettext("length", "%(n)s days") % {"n": f"{hours / 24:.1f}"}


def relative(moment: datetime, now: datetime) -> str:
    """ "12 minutes ago", "in 3 hours"; only meant for less than 24 hours."""
    seconds = (moment - now).total_seconds()
    minutes = int(abs(seconds) // 60)
    if minutes == 0:
        return _("just now")
    if minutes < 60:
        past = ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes)
        future = ngettext("in %(n)s minute", "in %(n)s minutes", minutes)
        return (past if seconds < 0 else future) % {"n": minutes}
    hours = minutes // 60
    past = ngettext("%(n)s hour ago", "%(n)s hours ago", hours)
    future = ngettext("in %(n)s hour", "in %(n)s hours", hours)
    return (past if seconds < 0 else future) % {"n": hours}


def time_ago(moment: datetime | None, now: datetime | None = None) -> SafeString:
    """Relative within 24 hours and kept true while the page is open, else the written moment."""
    if moment is None:
        return SafeString("–")
    present = now or timezone.now()
    if abs(present - moment) >= DAY:
        return date_time(moment)
    return format_html(
        '<time datetime="{}" title="{}" data-relative data-now="{}">{}</time>',
        moment.isoformat(),
        written(moment, present),
        _("just now"),
        relative(moment, present),
    )


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What a clock shows at one moment: `share` of the time left (0 to 1), tone, words."""

    share: float
    tone: str
    text: str


def _words(left: timedelta) -> str:
    is_over = left < timedelta(0)
    total = int(abs(left).total_seconds())
    minutes = total // 60 if is_over else -(-total // 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        pattern = clock_words()["over_days" if is_over else "left_days"]
        return pattern.replace("%d", str(hours // 24)).replace("%h", str(hours % 24))
    if not is_over and total < 60:
        return clock_words()["left_seconds"].replace("%s", str(total))
    length = "short" if hours == 0 else "long"
    pattern = clock_words()[f"{'over' if is_over else 'left'}_{length}"]
    return pattern.replace("%h", str(hours)).replace("%m", str(rest))


def clock_words() -> dict[str, str]:
    """The phrases of a clock; the script on the page fills the same ones."""
    return {
        "left_days": _("%d d %h h left"),
        "left_long": _("%h h %m min left"),
        "left_short": _("%m min left"),
        "left_seconds": _("%s s left"),
        "over_days": _("%d d %h h overdue"),
        "over_long": _("%h h %m min overdue"),
        "over_short": _("%m min overdue"),
    }


def clock_face(started_at: datetime, due_at: datetime, now: datetime) -> ClockFace:
    """Green until a quarter of the time is left, then amber, red when it is over."""
    left = due_at - now
    whole = max((due_at - started_at).total_seconds(), 1.0)
    share = min(1.0, max(0.0, left.total_seconds() / whole))
    tone = "late" if left < timedelta(0) else "soon" if share < SOON_SHARE else ""
    return ClockFace(share, tone, _words(left))

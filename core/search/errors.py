"""What searching may raise."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Unavailable


class SearchUnavailable(Unavailable):
    """The search server does not answer."""

    code = "search_unavailable"
    message = _("Search is not answering at the moment.")
    next_step = _("Try again in a minute, or reach the page through the menu.")

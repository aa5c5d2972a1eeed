"""Figures by area: sums, what is kept back, the map's geometry, the page and its file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from core.templatetags.ui import figure_number
from core.ui import figures, hexmap, months, registry
from core.ui.figures import Amount, Area, Figure
from directory.api import organisations_chosen
from directory.models import LicensedDoctors, Membership, Organisation
from tests.factories.people import grant_role, make_organisation, make_person

BY_ACCOUNT = " 还没有机构上报执业（助理）医师数，这里按有账户的医师计算。"
SPRING = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
def world(db):
    """A province of two cities with places on the map and a hospital without; a township below the first city's county.

    The county asked 7 (6 at its hospital, 1 in its township), the second city 20, nobody else. One doctor is on the
    platform everywhere but in the second city's hospital, where there are two doctors and two nurses; its authority has
    a doctor, too, who is nobody of the area's staff.
    """
    province = make_organisation(kind="authority", name="清江省卫生健康委员会")
    east = make_organisation(province, kind="authority", name="东浦市卫生健康委员会", map_column=0, map_row=0)
    west = make_organisation(province, kind="authority", name="西岭市卫生健康委员会", map_column=1, map_row=0)
    county = make_organisation(east, kind="authority", name="青溪县卫生健康局")
    rest = {
        "centre": make_organisation(province, name="省医院"),
        "hospital": make_organisation(county, name="青溪县人民医院"),
        "town": make_organisation(county, kind="township_centre", level=4, name="白石镇中心卫生院"),
        "quiet": make_organisation(county, kind="township_centre", level=4, name="柳河镇中心卫生院"),
        "ward": make_organisation(west, name="西岭市人民医院"),
    }
    for place in (*rest.values(), rest["ward"], west):
        make_person(place)
    for _n in range(2):
        Membership.objects.filter(person=make_person(rest["ward"])).update(title="护师")
    return {"province": province, "east": east, "west": west, "county": county, **rest}


@pytest.fixture
def asked(world, monkeypatch):
    """One private count over that world, before: half of it. Every question is remembered."""
    questions = []
    now = {world["hospital"].pk: Amount(6), world["town"].pk: Amount(1), world["west"].pk: Amount(20)}

    def by_organisation(question):
        questions.append(question)
        is_now = question.start == date(2026, 3, 1)
        return now if is_now else {world["west"].pk: Amount(30)}

    monkeypatch.setattr(figures, "_figures", {})
    monkeypatch.setattr(registry, "_panels", {})
    figures.register_figure(Figure("asked", "Asked", by_organisation, unit="x", is_private=True))
    return questions


def browser_of(organisation, role="supervisor"):
    client = Client()
    client.force_login(make_person(organisation, role, language="zh-hans"), backend="directory.backends.GrantBackend")
    return client


def lines_of(response):
    return {
        line.area.name: (line.rank, line.cells[0][1].shown, line.cells[0][1].kept) for line in response.context["lines"]
    }


def test_the_page_adds_up_by_area_and_compares_with_the_period_before(world, asked):
    page = browser_of(world["province"]).get("/supervision/", SPRING)

    assert lines_of(page) == {
        "西岭市卫生健康委员会": (1, 20, ""),
        "东浦市卫生健康委员会": (2, 7, ""),
        "省医院": (None, 0, ""),
    }
    reading = page.context["chosen"]
    assert (reading.total.shown, reading.before, reading.change, reading.is_worse) == (27, 30, -3, True)
    assert [(q.start, q.end) for q in asked] == [
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 1, 29), date(2026, 2, 28)),
    ]
    text = page.content.decode()
    assert f'href="?from=2026-03-01&amp;to=2026-03-31&amp;org={world["west"].pk}" class="hx hx--5"' in text
    assert 'aria-label="西岭 20, 西岭市卫生健康委员会"' in text
    assert text.count("<polygon") == 2
    assert page.context["undrawn"] == 1


@pytest.fixture
def rated(world, asked):
    """The same count, read for each hundred doctors; a third city with nobody on the platform."""
    empty = make_organisation(
        world["province"], kind="authority", name="北原市卫生健康委员会", map_column=2, map_row=0, name_en="Beiyuan"
    )
    old = figures._figures["asked"]
    figures.register_figure(replace(old, per="doctors"))
    return {**world, "empty": empty}


def test_areas_of_different_size_are_compared_by_their_doctors(rated):
    page = browser_of(rated["province"]).get("/supervision/", SPRING)

    lines = {line.area.name: (line.rank, line.value, line.chosen.shown) for line in page.context["lines"]}
    assert lines == {
        "西岭市卫生健康委员会": (1, 1000.0, 20),
        "东浦市卫生健康委员会": (2, 233.3, 7),
        "北原市卫生健康委员会": (None, None, None),
        "省医院": (None, 0.0, 0),
    }
    total = page.context["chosen"].total
    assert (total.rate, total.base) == (450.0, 6), "neither the reader nor the doctor of the second city's authority"


def test_an_area_with_nobody_is_hatched_and_says_so(rated):
    page = browser_of(rated["province"]).get("/supervision/", SPRING)

    looks = {mark.tile.area.name[:2]: mark.look for mark in page.context["marks"]}
    assert looks == {"西岭": "5", "东浦": "1", "北原": "none"}
    text = page.content.decode()
    assert 'aria-label="北原 无数据, 北原市卫生健康委员会"' in text
    assert '<i class="kn"></i>无数据' in text
    assert "1 个区域没有数据，以斜线表示。" in text


def test_a_hospital_of_the_authority_stands_apart_from_its_areas(rated):
    page = browser_of(rated["province"]).get("/supervision/", SPRING)

    assert [line.area.name for line in page.context["lines"] if line.is_apart] == ["省医院"]
    assert page.context["lines"][-1].is_apart
    assert "本级直属医院，不与各区域比较" in page.content.decode()


def test_a_sentence_says_what_the_map_shows(rated):
    text = " ".join(browser_of(rated["province"]).get("/supervision/", SPRING).content.decode().split())

    assert "Asked：全辖区 27，医师 6 名，每百名医师 450。 最高：西岭（1,000）；最低：东浦（233）。" in text
    assert "还没有机构上报执业（助理）医师数，这里按有账户的医师计算。" in text
    assert "每百名有账户的医师 450（共 6 名）" in text


def report(place, number):
    LicensedDoctors.objects.create(organisation=place, year=2025, number=number, entered_at=datetime.now(tz=UTC))


def test_reported_doctors_are_the_base_and_who_reported_none_has_no_data(rated):
    report(rated["hospital"], 40)
    report(rated["centre"], 500)

    page = browser_of(rated["province"]).get("/supervision/", SPRING)

    lines = {line.area.name: (line.value, line.chosen.shown, line.chosen.base) for line in page.context["lines"]}
    assert lines == {
        "东浦市卫生健康委员会": (15.0, 7, 40),
        "北原市卫生健康委员会": (None, None, 0),
        "西岭市卫生健康委员会": (None, 20, 0),
        "省医院": (0.0, 0, 500),
    }
    assert sentence_of(page) == (
        "Asked：全辖区 27，其中已上报 540 名医师的机构 6，每百名医师 1.1。 5 家机构中有 3 家未上报执业（助理）医师数。"
        " 2 个区域没有数据，以斜线表示。"
    )
    text = " ".join(page.content.decode().split())
    assert "每百名执业医师 1.1（共 540 名）" in text
    assert "3 家中 1 家已报" in text, "beside the first city's 40: its townships did not"
    assert 'aria-label="西岭 无数据, 西岭市卫生健康委员会"' in text


def test_who_reported_is_said_where_nobody_is_missing(rated):
    for place in ("hospital", "town", "quiet", "ward", "centre"):
        report(rated[place], 20)

    page = browser_of(rated["province"]).get("/supervision/", SPRING)

    assert "医师数为 5 家机构上报的执业（助理）医师数。" in sentence_of(page)
    assert "未上报" not in page.content.decode()


def sentence_of(page):
    return " ".join(page.content.decode().split('class="x-sentence">')[1].split("</p>")[0].split())


def test_nothing_is_the_lowest_beside_an_area_at_zero(rated):
    make_person(make_organisation(rated["empty"]))

    page = browser_of(rated["province"]).get("/supervision/", SPRING)

    told = "Asked：全辖区 27，医师 7 名，每百名医师 386。 最高：西岭（1,000）。 1 个区域为 0。"
    assert sentence_of(page) == told + BY_ACCOUNT


def test_nothing_is_the_lowest_beside_a_number_kept_back(rated, monkeypatch):
    """Of four townships one asked little, so that the smallest of the three others is withheld, too."""
    towns = [
        make_organisation(rated["county"], kind="township_centre", level=4, name=f"{n}镇卫生院") for n in "甲乙丙丁"
    ]
    numbers = dict(zip((place.pk for place in towns), (9, 30, 20, 2), strict=True))
    figures.register_figure(
        replace(figures._figures["asked"], by_organisation=lambda q: {key: Amount(n) for key, n in numbers.items()})
    )
    Organisation.objects.filter(pk__in=[rated[name].pk for name in ("town", "quiet", "hospital")]).update(
        is_active=False
    )

    page = browser_of(rated["province"]).get("/supervision/", {**SPRING, "org": str(rated["county"].pk)})

    assert sorted(line.chosen.kept for line in page.context["lines"]) == ["", "", "small", "withheld"]
    assert sentence_of(page) == "Asked：全辖区 61。 最高：乙镇卫生院（含村）（30）。"


def test_a_table_says_which_areas_have_no_data_and_hatches_nothing(rated):
    page = browser_of(rated["province"]).get("/supervision/", {**SPRING, "view": "table"})

    assert sentence_of(page).endswith("最低：东浦（233）。" + BY_ACCOUNT + " 1 个区域没有数据。")


def test_townships_are_compared_as_they_are(rated):
    page = browser_of(rated["province"]).get("/supervision/", {**SPRING, "org": str(rated["county"].pk)})

    assert page.context["chosen"].is_rated is False
    assert [line.value for line in page.context["lines"]] == [0, None, None]


def test_the_file_has_its_new_columns_at_the_end(rated):
    rows = browser_of(rated["province"]).get("/supervision/", {**SPRING, "format": "csv"})

    assert rows.content.decode("utf-8-sig").splitlines() == [
        '机构,Asked,"Asked, 每百名医师",类别,"Asked, 医师数"',
        "西岭市卫生健康委员会,20,1000.0,区域,2",
        "东浦市卫生健康委员会,7,233.3,区域,3",
        "北原市卫生健康委员会,,,区域,",
        "省医院,0,0.0,本级直属医院,1",
    ]


def test_nothing_counted_is_no_sentence_about_extremes(rated, monkeypatch):
    monkeypatch.setattr(figures, "_figures", {})
    figures.register_figure(Figure("none", "Nothing", lambda question: {}, kind="share", base_label="x"))

    text = browser_of(rated["province"]).get("/supervision/", SPRING).content.decode()

    assert "Nothing：这一时段没有可统计的数字。" in text
    assert "最高" not in text


def test_months_of_a_line_have_no_holes():
    found = {date(2026, 1, 1): 3, date(2026, 3, 1): 5}

    assert months.each_month(date(2025, 12, 15), date(2026, 3, 31), found, 0) == [
        (date(2025, 12, 1), 0),
        (date(2026, 1, 1), 3),
        (date(2026, 2, 1), 0),
        (date(2026, 3, 1), 5),
    ]
    assert months.each_month(date(2026, 1, 1), date(2026, 3, 31), {}, 0) == []
    assert months.cuts_a_month(date(2025, 12, 15), date(2026, 3, 31))
    assert not months.cuts_a_month(date(2025, 12, 1), date(2026, 3, 31))


def test_figures_have_as_many_decimals_each_time():
    share, credits = Figure("a", "A", dict, kind="share"), Figure("b", "B", dict, decimals=1)

    assert [figure_number(value, places=figure.places) for value, figure in ((92, share), (1264.46, credits))] == [
        "92.0",
        "1,264.5",
    ]
    assert figure_number(1514, places=Figure("c", "C", dict).places) == "1,514"


def test_a_county_keeps_its_single_small_township_and_one_more_back(world, asked):
    page = browser_of(world["province"]).get("/supervision/", {**SPRING, "org": str(world["county"].pk)})

    assert lines_of(page) == {
        "柳河镇中心卫生院": (1, 0, ""),
        "白石镇中心卫生院": (None, None, "small"),
        "青溪县人民医院": (None, None, "withheld"),
    }
    rows = browser_of(world["province"]).get(
        "/supervision/", {**SPRING, "org": str(world["county"].pk), "format": "csv"}
    )
    assert rows["Content-Type"].startswith("text/csv")
    table = dict(line.split(",")[:2] for line in rows.content.decode("utf-8-sig").splitlines())
    assert (table["白石镇中心卫生院"], table["柳河镇中心卫生院"]) == ("<5", "0")
    assert table["青溪县人民医院"] not in {"6", "6.0"}


def test_a_township_in_somebodys_area_gives_no_private_sum(world, asked):
    page = browser_of(world["county"]).get("/supervision/", {**SPRING, "org": str(world["town"].pk)})

    assert page.context["chosen"].total.kept == "withheld"
    assert 'data-figure="asked"' not in page.content.decode()
    assert asked == []


def test_a_sibling_is_neither_shown_nor_counted(world, asked):
    browser = browser_of(world["east"])

    own = browser.get("/supervision/", SPRING)
    foreign = browser.get("/supervision/", {**SPRING, "org": str(world["west"].pk)})

    assert set(lines_of(own)) == {"青溪县卫生健康局"}
    assert asked[0].organisation == ""
    assert foreign.status_code == 200
    assert "lines" not in foreign.context
    assert "西岭" not in own.content.decode() + foreign.content.decode()
    assert len(asked) == 2


def test_a_figure_is_shown_to_holders_of_its_permission_only(world, asked):
    page = browser_of(world["province"], "manager").get("/supervision/", SPRING)

    assert page.status_code == 200
    assert "readings" not in page.context
    assert asked == []


def test_a_figure_has_no_number_where_its_own_permission_does_not_reach(world, asked):
    """Supervises the first city, manages training in a hospital of the second one: one count by each permission."""

    def taught(question):
        held = organisations_chosen(question.actor, question.permission, question.organisation)
        return {place.pk: Amount(3) for place in held if place in (world["hospital"], world["ward"])}

    old = replace(figures._figures["asked"], by_organisation=taught, per="people")
    figures.register_figure(old)
    figures.register_figure(replace(old, key="taught", label="Taught", permissions=("training.manage",)))
    reader = make_person(world["east"], "supervisor", language="zh-hans")
    grant_role(reader, "manager", world["ward"])
    browser = Client()
    browser.force_login(reader, backend="directory.backends.GrantBackend")

    both = browser.get("/supervision/", {**SPRING, "figure": "taught"})
    first = browser.get("/supervision/", {**SPRING, "org": str(world["east"].pk), "figure": "taught"})

    shown = {line.area.name: [cell.shown for _r, cell in line.cells] for line in both.context["lines"]}
    assert shown == {"东浦市卫生健康委员会": [3, None], "西岭市人民医院": [None, 3]}
    assert [(r.total.shown, r.total.base, r.total.rate) for r in both.context["readings"]] == [(3, 3, 100), (3, 4, 75)]
    assert [r.total.shown for r in first.context["readings"]] == [3, None]


def test_the_table_takes_the_place_of_the_map(world, asked):
    text = browser_of(world["province"]).get("/supervision/", {**SPRING, "view": "table"}).content.decode()

    assert "<polygon" not in text
    assert "东浦" in text


def test_small_cells_hide_one_more_only_when_they_are_alone():
    one, two, three, four = (area.id for area in (make_area(n) for n in range(4)))

    assert figures.kept_back({one: 4, two: 9, three: 6, four: 0}) == {one: "small", three: "withheld"}
    assert figures.kept_back({one: 4, two: 1, three: 6}) == {one: "small", two: "small"}
    assert figures.kept_back({one: 5, two: 0}) == {}


def make_area(number, **place):
    from core.ids import uuid7

    return Area(uuid7(), f"Area {number}", f"A{number}", 2, **place)


def test_tiles_lie_in_shifted_rows_and_touch_nowhere():
    places = [(1, 0), (0, 1), (1, 1)]

    drawn = hexmap.lay_out([make_area(n, column=c, row=r) for n, (c, r) in enumerate(places)])

    step, fall = hexmap.WIDTH, hexmap.HEIGHT
    first, left, right = drawn.tiles
    assert (right.x - left.x, right.y - left.y) == (pytest.approx(step), 0)
    assert (first.x - left.x, left.y - first.y) == (pytest.approx(1.5 * step), pytest.approx(fall))
    assert len(first.points.split()) == 6


def test_areas_without_a_place_fill_rows():
    drawn = hexmap.lay_out([make_area(n) for n in range(5)])

    assert [round((tile.y - drawn.tiles[0].y) / hexmap.HEIGHT) for tile in drawn.tiles] == [0, 0, 0, 1, 1]


def test_values_fall_into_five_classes():
    bounds = hexmap.cuts([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])

    assert bounds == [3, 5, 7, 9]
    assert [hexmap.step_of(value, bounds) for value in (1, 3, 5, 7, 10)] == [1, 2, 3, 4, 5]
    assert hexmap.legend(bounds, str)[0] == (1, "<3")
    assert hexmap.legend(bounds, str)[-1] == (5, "≥9")
    assert (hexmap.cuts([4, 4]), hexmap.step_of(4, [])) == ([], 3)


def test_a_legend_of_whole_numbers_names_the_first_and_the_last():
    assert hexmap.legend([9, 11, 12], str, is_whole=True) == [(1, "<9"), (2, "9 – 10"), (4, "11"), (5, "≥12")]
    assert hexmap.legend([9, 11], str) == [(1, "<9"), (3, "9 – <11"), (5, "≥11")]

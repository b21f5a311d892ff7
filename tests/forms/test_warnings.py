"""Control warnings: each code of the reference appears where it should, and not a day earlier."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from forms import reports
from forms.progress import progress, weighted_fact
from forms.warnings import TERMS, Facts, controls

TODAY = date(2026, 11, 21)


def facts(**more):
    return Facts(today=TODAY, year=2026, **more)


def codes(form, rows, **more):
    return [found.code for found in controls(form, rows, facts(**more))]


def ago(days):
    return (TODAY - timedelta(days=days)).isoformat()


def later(days):
    return ago(-days)


CONTRACT = {
    "status": "active",
    "start_plan": "2026-02-01",
    "start_fact": "2026-02-02",
    "end_plan": "2027-06-01",
    "price_current": "1000000.00",
    "procurement": "direct",
    "object_category": "ordinary",
}
ACTS = [{"act_date": ago(10), "amount": "1.00"}]


@pytest.mark.requirement("F-18")
@pytest.mark.parametrize(
    ("taken_on", "expected"),
    [
        ("2021-11-20", "F2_PK_OLD"),
        ("2021-11-21", "F2_PK_90"),
        ("2022-02-19", "F2_PK_90"),
        ("2022-02-20", None),
    ],
)
def test_a_qualification_grows_stale_after_five_years_to_the_day(taken_on, expected):
    found = codes("f2", {"employee": [{"is_nrs": False, "pk_date": taken_on}]}, min_nrs=0)
    assert found == ([expected] if expected else [])


@pytest.mark.requirement("F-18")
def test_a_stale_qualification_names_its_day_for_the_reminder():
    found = controls("f2", {"employee": [{"pk_date": "2021-01-15"}]}, facts(min_nrs=0))[0]
    assert (found.table, found.row, found.field, found.due_on) == (
        "employee",
        0,
        "pk_date",
        date(2026, 1, 15),
    )
    assert found.text == "Повышение квалификации просрочено: удостоверение от 15.01.2021 старше 5 лет"


def test_a_dismissed_employee_is_not_reminded_of():
    assert (
        codes("f2", {"employee": [{"pk_date": "2011-01-15", "dismiss_date": "2025-01-01"}]}, min_nrs=0) == []
    )


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.table}.{term.field}")
def test_every_term_warns_when_expired_and_is_silent_a_year_before(term):
    years = timedelta(days=366 * term.years)
    row = {
        term.field: (TODAY - timedelta(days=1) - years).isoformat(),
        "right_basis": "rent",
        "status": "active",
    }
    fresh = row | {term.field: later(365)}
    assert term.expired in codes(term.form, {term.table: [row]})
    assert not {term.expired, term.near} & set(codes(term.form, {term.table: [fresh]}))


@pytest.mark.requirement("F-22")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"end_plan": ago(1)}, ["F7_OVERDUE"]),
        ({"end_plan": later(30)}, ["F7_END_30"]),
        ({"start_fact": None}, ["F7_NOT_STARTED"]),
        ({"procurement": "fz44"}, ["F7_NO_ODO"]),
        ({"object_category": "hazardous", "responsible": "e1"}, ["F7_NO_RIGHT"]),
        ({"accepted_amount": "1000000.01"}, ["F7_OVER_ACCEPTED"]),
        ({"price_current": "60000000.01"}, ["F7_VV_LEVEL"]),
        ({"contract_date": "2017-07-17"}, ["F7_BEFORE_MEMBER"]),
        ({"contract_date": "2026-11-02", "notified_at": "2026-11-06T10:00"}, ["F7_NOTIFY_LATE"]),
        ({"status": "completed", "end_plan": ago(100)}, []),
    ],
)
def test_a_contract_is_controlled(change, expected):
    rows = {"contract": [CONTRACT | change], "acts": ACTS}
    more = {
        "categories": frozenset({"ordinary"}),
        "vv_limit": Decimal(60_000_000),
        "register_date": date(2017, 7, 18),
    }
    assert codes("f7", rows, **more) == expected


@pytest.mark.requirement("F-22")
def test_a_contract_without_acts_for_ninety_days_is_told_of():
    assert codes("f7", {"contract": [CONTRACT], "acts": [{"act_date": ago(91)}]}) == ["F7_NO_ACTS_90"]
    assert codes("f7", {"contract": [CONTRACT], "acts": [{"act_date": ago(90)}]}) == []


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [("199.99", []), ("200.00", ["F7_ODO_80"]), ("250.00", ["F7_ODO_80"]), ("250.01", ["F7_ODO_LEVEL"])],
)
def test_the_level_of_obligations_is_watched_to_the_kopeck(remaining, expected):
    row = CONTRACT | {"counts_for_odo": True, "remaining": remaining}
    left_out = CONTRACT | {
        "counts_for_odo": False,
        "remaining": "9999.00",
        "uid": "other",
        "start_fact": ago(5),
    }
    rows = {"contract": [row | {"start_fact": ago(5)}, left_out]}
    assert codes("f7", rows, odo_level=1, odo_limit=Decimal(250)) == expected


@pytest.mark.requirement("F-24")
def test_plan_and_fact_are_counted_as_in_the_example_of_the_reference():
    stage = {
        "start_plan": "2026-09-01",
        "end_plan": "2026-11-30",
        "volume_total": "1000.000",
        "volume_fact": "450.000",
        "start_fact": "2026-09-05",
    }
    found = progress(stage, date(2026, 10, 31))
    assert (found.plan_percent, found.fact_percent) == (Decimal("67.03"), Decimal("45.00"))
    assert (found.lag_percent, found.lag_days) == (Decimal("-22.03"), 20)
    assert found.forecast_end == date(2027, 1, 9)


@pytest.mark.requirement("F-24")
@pytest.mark.parametrize(("done", "expected"), [("450", ["F71_LAG"]), ("400", ["F71_LAG_CRIT"]), ("600", [])])
def test_a_lag_is_yellow_from_ten_points_and_red_from_twenty_five(done, expected):
    stage = {"work_name": "Котлован", "start_plan": "2026-09-01", "end_plan": "2026-11-30"}
    stage |= {"volume_total": "1000", "volume_fact": done, "start_fact": "2026-09-05"}
    assert codes("f7_1", {"header": [{"report_date": "2026-10-31"}], "works": [stage]}) == expected


def test_an_object_is_weighed_by_cost_and_evenly_where_a_cost_is_missing():
    one = {"start_plan": "2026-01-01", "end_plan": "2026-12-31", "volume_total": "100", "volume_fact": "100"}
    other = one | {"volume_fact": "0"}
    assert weighted_fact([one | {"cost_total": "300"}, other | {"cost_total": "100"}], TODAY) == Decimal(
        "75.00"
    )
    assert weighted_fact([one | {"cost_total": "300"}, other], TODAY) == Decimal("50.00")


@pytest.mark.requirement("F-28")
@pytest.mark.parametrize(
    ("end", "expected"),
    [(ago(1), ["F11_EXPIRED"]), (later(0), ["F11_30"]), (later(29), ["F11_30"]), (later(30), [])],
)
def test_a_policy_ending_is_told_thirty_days_before(end, expected):
    policy = {"policy_kind": "annual", "start_date": ago(300), "end_date": end, "premium_paid": ago(299)}
    assert codes("f11", {"policies": [policy]}) == expected


def test_a_following_policy_silences_the_ending_and_a_gap_is_named():
    first = {
        "policy_kind": "annual",
        "start_date": "2025-01-01",
        "end_date": "2025-12-31",
        "premium_paid": "2025-01-01",
    }
    second = first | {"start_date": "2026-01-11", "end_date": "2027-06-01"}
    found = controls("f11", {"policies": [first, second]}, facts())
    assert [(one.code, one.text) for one in found] == [
        ("F11_GAP", "Перерыв страхования с 01.01.2026 по 10.01.2026")
    ]


@pytest.mark.requirement("F-27")
def test_an_order_is_judged_by_its_extended_term_and_two_failed_are_a_ground():
    order = {"authority": "gsn", "status": "extended", "due_date": ago(40), "extended_to": ago(3)}
    assert codes("f10", {"orders": [order]}) == ["F10_OVERDUE"]
    assert codes("f10", {"orders": [order, order]})[-1] == "F10_GSN_2"
    assert codes("f10", {"orders": [order | {"status": "done"}]}) == []


def test_specialists_are_counted_and_one_number_serves_once():
    chief = {"specialist_role": "chief", "is_nrs": True, "nrs_status": "active", "employment_kind": "main"}
    rows = {"employee": [chief | {"nrs_number": "С-38-100200"}, chief | {"nrs_number": "С-38-100201"}]}
    assert codes("f2", rows) == []
    assert codes("f2", rows, min_nrs=3) == ["F2_NRS_MIN"]
    assert codes("f2", rows, taken_nrs={"С-38-100201": "ООО «Сосед»"}) == ["F2_NRS_DUP"]


def test_forms_are_compared_with_one_another_and_with_the_register():
    injury = {"incident_kind": "injury", "happened_at": "2026-05-05T10:00"}
    others = {"f8": {"incidents": [injury]}, "f1": {"indicators": [{"headcount_total": 51}]}}
    rows = {"summary": [{"injuries_total": 0, "ot_service": False, "sout_date": "2025-01-01"}]}
    assert codes("f5", rows, others=others) == ["F5_SERVICE", "F5_F8_DIFF"]
    assert codes("f1", {"ident": [{"inn": "1"}]}, register={"inn": "2"}) == ["F1_REG_DIFF"]
    assert codes("f1", {"founders": [{"share_percent": "99.98"}]}) == ["F1_SHARES"]


@pytest.mark.requirement("F-20")
def test_a_leased_thing_without_its_contract_is_told_of():
    rows = {"vehicles": [{"right_basis": "rent"}, {"right_basis": "own"}]}
    found = controls("f3", rows, facts(documented={"vehicles": frozenset({1})}))
    assert [(one.code, one.row) for one in found] == [("F3_NO_DOC", 0)]


@pytest.mark.parametrize("form", reports.all_forms(), ids=lambda form: form.code)
def test_an_empty_form_breaks_no_rule_of_control(form):
    assert all(one.row is None for one in controls(form.code, {}, facts()))

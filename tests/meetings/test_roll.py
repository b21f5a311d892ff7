"""Membership, proxies and the snapshot of the register (§2)."""

import pytest

from tests.meetings.scenes import (
    admitted,
    at,
    ballot,
    codes,
    counts,
    event,
    item,
    listed,
    opened,
    outcome_of,
    scene,
    vote,
)


def proxy(id_="d1", from_=("m2",), to="p1", **fields):
    return {"id": id_, "from": list(from_), "to": to, "issued_on": "2026-04-01", **fields}


GOOD_BASE = proxy("d0", to="p2", may_delegate=True)


def delegated(**fields):
    return proxy("d1", **{"delegated_from": "d0", "notarised": True, **fields})


@pytest.mark.requirement("M-35", "M-100", "M-143")
@pytest.mark.parametrize(
    ("proxies", "charter", "expected"),
    [
        ([], {}, "proxy_missing"),
        ([proxy(to="p2")], {}, "proxy_missing"),
        ([proxy(from_=("m3",))], {}, "proxy_missing"),
        ([proxy()], {}, None),
        ([proxy(issued_on=None)], {}, "proxy_undated"),
        ([proxy(issued_on=None, signed=False)], {}, "proxy_undated"),
        ([proxy(signed=False)], {}, "proxy_unsigned"),
        ([proxy(valid_from="2026-04-24")], {}, "proxy_not_yet_valid"),
        ([proxy(valid_from="2026-04-23")], {}, None),
        ([proxy(issued_on="2026-04-24")], {}, "proxy_not_yet_valid"),
        ([proxy(revoked_at=at("09:30"))], {}, "proxy_revoked"),
        ([proxy(revoked_at=at("09:30:01"))], {}, None),
        ([proxy(valid_until="2026-04-23")], {}, None),
        ([proxy(valid_until="2026-04-22")], {}, "proxy_expired"),
        ([proxy(valid_until="2026-04-22", revoked_at=at("09:00"))], {}, "proxy_revoked"),
        ([proxy(issued_on="2025-04-23")], {}, None),
        ([proxy(issued_on="2025-04-22")], {}, "proxy_expired"),
        ([proxy(items=["q1"])], {}, None),
        ([GOOD_BASE, delegated()], {}, None),
        ([GOOD_BASE, delegated()], {"delegation": "barred"}, "delegation_barred"),
        ([proxy("d0", to="p2"), delegated()], {}, "delegation_not_allowed"),
        ([GOOD_BASE, delegated(notarised=False)], {}, "delegation_not_notarised"),
        ([GOOD_BASE | {"revoked_at": at("09:00")}, delegated()], {}, "proxy_revoked"),
        ([GOOD_BASE | {"valid_until": "2026-04-20"}, delegated()], {}, "proxy_expired"),
        ([GOOD_BASE | {"signed": False}, delegated()], {}, "proxy_unsigned"),
        ([GOOD_BASE | {"from": ["m3"]}, delegated()], {}, "delegation_not_allowed"),
        # The first good one serves; if none is good, the last listed gives the reason.
        ([proxy("d1", signed=False), proxy("d2")], {}, None),
        ([proxy("d1", signed=False), proxy("d2", issued_on=None)], {}, "proxy_undated"),
    ],
)
def test_the_authority_of_a_representative(proxies, charter, expected):
    scenario = scene("in_person", admitted("m2", person="p1"), proxies=proxies, charter=charter)
    assert codes(scenario) == ([expected] if expected else [])


@pytest.mark.requirement("M-35")
def test_the_participant_is_listed_with_the_proxy_relied_on():
    proxies = [proxy("d1", signed=False), proxy("d2")]
    scenario = scene("in_person", admitted("m2", person="p1"), admitted("m1"), proxies=proxies)
    found = [(row["member"], row["person"], row["proxy"]) for row in outcome_of(scenario)["participants"]]
    assert found == [("m1", "m1.head", None), ("m2", "p1", "d2")]


@pytest.mark.requirement("M-143")
@pytest.mark.parametrize(("limited", "have", "base"), [("absent_outside_scope", 9, 9), ("present", 10, 10)])
def test_a_proxy_limited_to_items_counts_by_the_charter(limited, have, base):
    scenario = scene(
        "in_person",
        admitted(["m1", "m3..m10"]),
        admitted("m2", person="p1"),
        listed(),
        opened("q2"),
        vote("m2", name="q2"),
        event("question_closed", "10:20", item="q2"),
        agenda=[item(), item("q2")],
        proxies=[proxy(items=["q1"])],
        charter={"limited_proxy": limited},
    )
    result = outcome_of(scenario)
    assert codes(scenario, 5) == ["proxy_scope"]
    assert [row["have"] for row in result["quorum"]] == [10, have]
    assert result["questions"][1]["base"] == base


@pytest.mark.requirement("M-06")
@pytest.mark.parametrize(
    ("status", "of"),
    [
        ([], 10),
        ([[at("10:00"), "suspended"]], 10),
        ([[at("10:00"), "excluded"]], 9),
        ([[at("10:00:01"), "excluded"]], 10),
        ([[at("08:00"), "excluded"], [at("09:00"), "active"]], 10),
    ],
)
def test_the_denominator_is_the_register_at_the_start(status, of):
    members = [{"ids": "m1..m9"}, {"ids": "m10", "status": status}]
    assert outcome_of(scene("in_person", listed("10:05"), members=members))["quorum"][0]["of"] == of


@pytest.mark.requirement("M-121")
@pytest.mark.parametrize(("register", "of"), [("session", 10), ("count", 9)])
def test_the_combined_register_is_chosen_by_the_charter(register, of):
    members = [{"ids": "m1..m9"}, {"ids": "m10", "status": [[at("12:00"), "excluded"]]}]
    scenario = scene(
        "combined", ballot("m10"), counts(), members=members, charter={"combined_register": register}
    )
    final = outcome_of(scenario)["quorum"][-1]
    assert (final["of"], final["have"]) == (of, of - 9)


def test_a_member_who_left_the_register_may_not_vote():
    members = [{"ids": "m1..m9"}, {"ids": "m10", "status": [[at("10:07"), "excluded"]]}]
    scenario = scene("in_person", admitted(), listed(), opened(), vote("m10"), members=members)
    assert codes(scenario) == ["not_member"]


def test_who_joined_after_the_snapshot_is_not_admitted():
    members = [{"ids": "m1..m9"}, {"ids": "m10", "since": "2026-04-24"}]
    scenario = scene("in_person", admitted("m10", at("09:00", "04-24")), members=members)
    assert codes(scenario) == ["not_member"]


def test_a_representative_of_several_is_good_for_each_apart():
    scenario = scene("in_person", admitted("m2..m4", person="p1"), proxies=[proxy(from_=("m2", "m3"))])
    refused = outcome_of(scenario)["events"][-1]
    assert (refused["verdict"], [row["member"] for row in refused["refused"]]) == ("partly", ["m4"])

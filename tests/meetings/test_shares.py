"""How many votes a share needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.shares import Share


@pytest.mark.requirement("M-05", "M-06", "M-07")
@pytest.mark.parametrize(
    ("share", "base", "needed"),
    [
        (">1/2", 10, 6),
        (">1/2", 9, 5),
        (">=1/2", 10, 5),
        (">=1/2", 9, 5),
        (">=2/3", 10, 7),
        (">=2/3", 9, 6),
        (">2/3", 9, 7),
        (">=3/4", 10, 8),
        ("all", 10, 10),
        ("all", 0, 1),
        (">1/2", 0, 1),
        (">=1/2", 0, 1),
        ("plurality", 10, 1),
    ],
)
def test_needed_is_the_least_whole_number_and_at_least_one(share, base, needed):
    assert Share.parse(share).needed(base) == needed


@given(st.integers(0, 30), st.integers(1, 30), st.booleans(), st.integers(1, 500))
def test_needed_satisfies_the_share_and_one_less_does_not(top, bottom, strict, base):
    needed = Share.parse(f"{'>' if strict else '>='}{top}/{bottom}").needed(base)
    enough = needed * bottom > top * base if strict else needed * bottom >= top * base
    less = (needed - 1) * bottom > top * base if strict else (needed - 1) * bottom >= top * base
    assert enough and (not less or needed == 1)


@pytest.mark.parametrize("text", ["1/2", ">1/0", ">=", "half", "> 1/2"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="не читается"):
        Share.parse(text)


@pytest.mark.parametrize(
    ("share", "other", "below"),
    [(">=1/2", ">1/2", True), (">1/2", ">1/2", False), (">1/2", ">=1/2", False), (">1/3", ">=1/2", True)],
)
def test_a_share_asks_less_than_another(share, other, below):
    assert Share.parse(share).is_below(Share.parse(other)) is below

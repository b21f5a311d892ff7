"""A scratch database for meetings: their tables in a file of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

import meetings.model
from meetings.service import Meetings
from records.database import Model, WriteGate, prepare_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator:
    made = create_engine(f"sqlite:///{tmp_path / 'meetings.db'}")
    prepare_engine(made)
    head = meetings.model.Meeting.metadata
    assert head is Model.metadata
    head.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def halls(engine, tmp_path: Path) -> Meetings:
    """The service over the scratch database."""
    return Meetings(engine, WriteGate(tmp_path / "writer"))

"""A scratch database for meetings: their tables in a file of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from meetings.service import Meetings
from records.database import Model, WriteGate, prepare_engine
from records.schema import install_triggers


@pytest.fixture
def engine(tmp_path: Path) -> Iterator:
    made = create_engine(f"sqlite:///{tmp_path / 'meetings.db'}")
    prepare_engine(made)
    with made.begin() as connection:
        Model.metadata.create_all(connection)
        install_triggers(connection)
    yield made
    made.dispose()


@pytest.fixture
def halls(engine, tmp_path: Path) -> Meetings:
    """The service over the scratch database."""
    return Meetings(engine, WriteGate(tmp_path / "writer"))

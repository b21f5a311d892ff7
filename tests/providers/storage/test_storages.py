"""Both storages of files keep the same promises: the folder, and a bucket of an S3 server here."""

from __future__ import annotations

import hashlib
import io
import socket
import time
from collections.abc import Iterator

import obstore
import pytest
from moto.server import ThreadedMotoServer

from providers.storage.local import LocalStorage
from providers.storage.s3 import S3Storage, open_s3
from records import service, storage
from records.errors import Unavailable
from tests.world import attach, draft

PAPER = "Устав общества".encode()
DIGEST = hashlib.sha256(PAPER).hexdigest()
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """moto's S3 on a free port of this machine."""
    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture
def bucket(server, tmp_path, monkeypatch, request) -> S3Storage:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    name = f"veche-{abs(hash(request.node.name)) % 10**9}"
    _create(server, name)
    return open_s3(f"s3://{name}/archive?endpoint={server}", tmp_path / "cache")


def _create(server: str, name: str) -> None:
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{server}/{name}", method="PUT")).close()


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path):
    return (
        LocalStorage(tmp_path / "files") if request.param == "folder" else request.getfixturevalue("bucket")
    )


def kept(place, content=PAPER):
    received = place.receive(io.BytesIO(content), limit=10**8)
    place.keep(received)
    place.discard(received)
    return received.sha256


def test_what_is_kept_is_read_back_the_same(place):
    assert kept(place) == DIGEST
    assert place.exists(DIGEST)
    assert place.path(DIGEST).read_bytes() == PAPER
    with place.open(DIGEST) as stream:
        assert stream.read() == PAPER
    assert place.addresses() == [DIGEST]
    assert abs(place.stored_at(DIGEST) - time.time()) < 60


def test_keeping_twice_is_keeping_once(place):
    kept(place), kept(place)
    assert place.addresses() == [DIGEST]


def test_what_is_not_there_is_not_found(place):
    absent = "0" * 64
    assert not place.exists(absent)
    for look in (place.open, place.path):
        with pytest.raises(FileNotFoundError):
            look(absent).read() if look == place.open else look(absent).read_bytes()
    for odd in ("../../etc/passwd", "x" * 63, ""):
        with pytest.raises(FileNotFoundError):
            place.open(odd)
    place.remove(absent)


def test_what_is_removed_is_gone(place):
    kept(place)
    place.remove(DIGEST)
    assert not place.exists(DIGEST)
    assert place.addresses() == []


def test_more_than_the_limit_is_refused_and_leaves_nothing(place):
    with pytest.raises(ValueError, match=r"\d"):
        place.receive(io.BytesIO(b"x" * 100), limit=10)
    assert place.addresses() == []
    assert place.sweep(before=time.time() + 60) == 0


def test_a_large_file_goes_in_parts_and_comes_back_whole(bucket, tmp_path):
    large = bytes(range(256)) * 50_000  # 12.8 MB: more than one part of an upload
    digest = kept(bucket, large)
    bucket.cache.remove(digest)
    with bucket.open(digest) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == digest
    assert bucket.path(digest).stat().st_size == len(large)


def test_another_machine_with_an_empty_cache_reads_the_same(bucket, tmp_path):
    kept(bucket)
    other = S3Storage(bucket._store, tmp_path / "other")
    assert other.path(DIGEST).read_bytes() == PAPER


@pytest.mark.requirement("R-29")
def test_a_byte_changed_in_the_store_is_seen_past_the_cache(bucket, tmp_path):
    kept(bucket)
    obstore.put(bucket._store, f"{DIGEST[:2]}/{DIGEST}", b"another")
    with bucket.open(DIGEST) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() != DIGEST
    with pytest.raises(OSError, match="повреждено"):
        S3Storage(bucket._store, tmp_path / "other").path(DIGEST)


def test_copies_long_unread_leave_the_cache_and_the_store_keeps_them(bucket, monkeypatch):
    kept(bucket)
    monkeypatch.setattr("providers.storage.s3.KEPT_IN_CACHE", -60.0)
    bucket.sweep(before=0)
    assert not bucket.cache.exists(DIGEST)
    assert bucket.path(DIGEST).read_bytes() == PAPER


@pytest.mark.requirement("U-17")
def test_a_silent_store_refuses_in_words(tmp_path, monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    silent = open_s3(f"s3://veche?endpoint={address}", tmp_path / "cache")
    monkeypatch.setattr(silent, "_store", _impatient(address))
    received = silent.receive(io.BytesIO(PAPER), limit=100)
    with pytest.raises(Unavailable, match="не отвечает"):
        silent.keep(received)


def _impatient(address):
    from obstore.store import S3Store

    return S3Store(
        "veche",
        config={"aws_endpoint": address, "aws_region": "x"},
        client_options={"allow_http": True, "connect_timeout": "1s"},
        retry_config={"max_retries": 0},
    )


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3://key:secret@bucket", "https://bucket", "s3://bucket?endpont=x"],
)
def test_a_wrong_address_is_said_at_start(url, tmp_path):
    with pytest.raises(ValueError, match="VECHE_STORAGE"):
        open_s3(url, tmp_path)


def test_a_filing_keeps_its_file_in_the_bucket(bucket, head):
    storage.use(bucket)
    record = draft(head)
    attach(head, record, io.BytesIO("Письмо о проверке".encode()), "письмо.txt")
    filed = service.act(head, record.id, "submit")
    assert filed.number_text
    assert len(bucket.addresses()) == 1

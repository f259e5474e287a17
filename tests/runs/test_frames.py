"""Frames: whole ones read, damaged ones are named, and what follows is there."""

from __future__ import annotations

import random
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.runs import frames
from assay.runs.frames import Frame, Gap, framed, scan

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
patient = settings.get_profile("patient")
PAYLOADS = st.lists(st.binary(max_size=60), max_size=12)


def read(content: bytes) -> tuple[list[bytes], list[Gap]]:
    found = list(scan(content))
    return [bytes(f.payload) for f in found if isinstance(f, Frame)], [f for f in found if isinstance(f, Gap)]


@patient
@given(PAYLOADS)
def test_what_is_framed_is_read(payloads: list[bytes]) -> None:
    assert read(b"".join(framed(frames.OTHER, p) for p in payloads)) == (payloads, [])


@patient
@given(PAYLOADS.filter(bool), st.data())
def test_a_cut_anywhere_loses_the_last_frame_at_most(payloads: list[bytes], data: st.DataObject) -> None:
    content = b"".join(framed(frames.OTHER, p) for p in payloads)
    cut = data.draw(st.integers(0, len(content) - 1))
    kept, gaps = read(content[:cut])
    ends, place = [], 0
    for p in payloads:
        place += len(framed(frames.OTHER, p))
        ends.append(place)
    whole = sum(e <= cut for e in ends)
    assert kept == payloads[:whole]
    assert [g.torn for g in gaps] == ([] if cut in [0, *ends] else [True])


@patient
@given(st.lists(st.binary(min_size=1, max_size=60), min_size=3, max_size=12), st.data())
def test_any_changed_byte_is_found_and_later_frames_are_read(payloads: list[bytes], data: st.DataObject) -> None:
    parts = [framed(frames.OTHER, p) for p in payloads]
    which = data.draw(st.integers(0, len(parts) - 2))
    place = data.draw(st.integers(0, len(parts[which]) - 1))
    flip = data.draw(st.integers(1, 255))
    hurt = bytearray(parts[which])
    hurt[place] ^= flip
    kept, gaps = read(b"".join([*parts[:which], bytes(hurt), *parts[which + 1 :]]))
    assert kept[:which] == payloads[:which]
    assert kept[-(len(payloads) - which - 1) :] == payloads[which + 1 :]
    assert gaps
    assert not gaps[-1].torn


def test_noise_is_no_frame() -> None:
    for seed in range(50):
        noise = random.Random(seed).randbytes(5_000) + frames.MARK * 20
        kept, gaps = read(noise)
        assert kept == []
        assert gaps[-1].torn


def test_the_checksum_is_the_known_one() -> None:
    # source: the check value of CRC-32/ISO-HDLC for "123456789", Koopman's and Cook's catalogues of CRC algorithms
    assert zlib.crc32(b"123456789") == 0xCBF43926
    body = framed(frames.NOTE, b"123456789")[:-4]
    assert framed(frames.NOTE, b"123456789")[-4:] == zlib.crc32(body).to_bytes(4, "little")


@pytest.mark.parametrize("many", [1, 2, 20, 1000])
def test_a_frame_of_points_has_the_length_that_its_head_says(many: int) -> None:
    pack, length = frames.points_packer(many)
    body = pack(frames.SYNC, frames.POINTS, frames.VERSION, length, 0.0, 1, many, *[1, 2.0] * many)
    assert frames.HEAD.unpack_from(body)[3] == len(body) - frames.HEAD.size == length

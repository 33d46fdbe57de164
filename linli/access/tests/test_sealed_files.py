"""Uploaded papers are what they say, lie encrypted, and come back whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.access import sealed_files
from linli.audit.recording import RuleError
from linli.kernel.secrets import SecretUnreadable

PNG = b"\x89PNG\r\n\x1a\n" + "残疾人证".encode()


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_paper_is_kept_sealed_and_comes_back(tmp_path: Path) -> None:
    kept = sealed_files.keep(SimpleUploadedFile("../a/证件.png", PNG), folder="evidence")
    assert (kept.name, kept.media_type, kept.size) == ("证件.png", "image/png", len(PNG))
    place = tmp_path / kept.path
    assert "残疾人证".encode() not in place.read_bytes()
    assert place.stat().st_mode & 0o077 == 0
    assert sealed_files.read(kept.path) == PNG
    sealed_files.drop(kept.path)
    sealed_files.drop(kept.path)
    with pytest.raises(FileNotFoundError):
        sealed_files.read(kept.path)


@pytest.mark.parametrize("data", [b"", b"MZ\x90", b"<html>", b"%PD"])
def test_only_pdf_jpg_and_png_by_their_contents(data: bytes) -> None:
    with pytest.raises(RuleError, match="PDF、JPG 或 PNG"):
        sealed_files.keep(SimpleUploadedFile("证.pdf", data), folder="evidence")


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "MOST_BYTES", 10)
    with pytest.raises(RuleError, match="10 MB"):
        sealed_files.keep(SimpleUploadedFile("证.png", PNG), folder="evidence")


def test_a_file_put_in_anothers_place_does_not_open(tmp_path: Path) -> None:
    one = sealed_files.keep(SimpleUploadedFile("a.png", PNG), folder="evidence")
    other = sealed_files.keep(SimpleUploadedFile("b.png", PNG + b"2"), folder="evidence")
    (tmp_path / one.path).write_bytes((tmp_path / other.path).read_bytes())
    with pytest.raises(SecretUnreadable):
        sealed_files.read(one.path)


def test_nothing_outside_the_folder_of_files() -> None:
    with pytest.raises(ValueError, match="etc"):
        sealed_files.read("../../etc/passwd")

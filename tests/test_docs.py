"""The documents keep their word: links and pictures are there, commands exist and are explained, no place of one machine."""

from __future__ import annotations

import argparse
import re
import struct
from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.pictures.make import PICTURES
from linli.site.cli import parser

ROOT = Path(__file__).resolve().parent.parent
GUIDE = sorted([ROOT / "docs" / "README.md", *(ROOT / "docs" / "how-to").glob("*.md")])
DOCUMENTS = sorted([*ROOT.glob("README*.md"), ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
SHOWN = [path for path in DOCUMENTS if path.name != "CONTRIBUTING.md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# A command as one types it: in code, after the start of the line, a backtick, a path or an assignment.
COMMAND = re.compile(r"(?:^ {4,}|`|/|=\S+ )linli ([a-z][a-z-]*)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
HOSTS = re.compile(
    r"pypi\.org|pythonhosted|npmjs|registry\.|npmmirror|tuna\.tsinghua|mirrors\.", re.IGNORECASE
)
PLACES = re.compile(r"(?<![\w.])/(?:work|tmp|root|home|Users)/")
MOST_BYTES = 250 * 1024


def commands() -> dict[str, argparse.ArgumentParser]:
    """The sub-commands of `linli`."""
    found = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_links_and_pictures_are_there(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        there = (document.parent / file).resolve() if file else document
        assert there.is_relative_to(ROOT), f"{target} leads out of the repository"
        assert there.exists(), f"{target} is not there"
        if anchor:
            titles = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert anchor in {title.strip().lower().replace(" ", "-") for title in titles}, target


def test_every_page_of_the_guide_is_in_the_table_of_contents() -> None:
    contents = ROOT / "docs" / "README.md"
    listed = {(contents.parent / t).resolve() for t in LINK.findall(contents.read_text("utf-8"))}
    assert [relative(page) for page in GUIDE if page != contents and page not in listed] == []


def test_named_commands_exist() -> None:
    known = commands()
    for document in DOCUMENTS:
        named = set(COMMAND.findall(document.read_text("utf-8")))
        assert named <= set(known), f"{relative(document)}: {named - set(known)}"
    assert len(set(COMMAND.findall("\n".join(p.read_text("utf-8") for p in GUIDE)))) > 8


def test_every_command_is_explained() -> None:
    named = set(COMMAND.findall("\n".join(page.read_text("utf-8") for page in GUIDE)))
    assert set(commands()) - named == set()


def test_options_beside_a_command_exist() -> None:
    known = commands()
    for page in GUIDE:
        for line in page.read_text("utf-8").splitlines():
            for name in COMMAND.findall(line):
                accepted = known[name]._option_string_actions
                wrong = [option for option in OPTION.findall(line) if option not in accepted]
                assert not wrong, f"{relative(page)}: linli {name} has no {wrong}"


@pytest.mark.parametrize("document", SHOWN, ids=relative)
def test_no_place_of_one_machine_and_no_registry(document: Path) -> None:
    text = document.read_text("utf-8")
    assert not HOSTS.findall(text)
    assert not PLACES.findall(text)


@pytest.mark.parametrize("document", GUIDE, ids=relative)
def test_chinese_punctuation(document: Path) -> None:
    prose = re.sub(r"`[^`]*`|^ {4,}.*$|\]\([^)]*\)", "", document.read_text("utf-8"), flags=re.MULTILINE)
    assert not re.findall(r"[一-鿿][,;:?!](?=\s|$|[一-鿿])", prose)


def test_pictures_are_those_of_the_script_and_small() -> None:
    folder = ROOT / "docs" / "pictures"
    files = {path.stem: path.read_bytes() for path in folder.glob("*.png")}
    assert set(files) == set(PICTURES)
    used = {Path(t).stem for d in SHOWN for t in LINK.findall(d.read_text("utf-8")) if t.endswith(".png")}
    assert set(files) - used == set(), "pictures that nobody shows"
    for name, data in files.items():
        assert data.startswith(b"\x89PNG\r\n\x1a\n"), name
        assert len(data) <= MOST_BYTES, f"{name} is too large"
        width, height = struct.unpack(">II", data[16:24])
        assert (width, height) in {(1440, 900), (390, 844)}, name

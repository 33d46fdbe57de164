"""Moved to linli.kernel.scope."""

from linli.kernel.scope import Scope, merge, within  # noqa: F401

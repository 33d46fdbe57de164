"""`make bench`: measure the speed bars, each as a ratio to a baseline run beside it.

    python -m tests.bench                     everything, on the made district of a million residents
    python -m tests.bench pages forms         some
    python -m tests.bench --street pages      on the demonstration street alone

The installation measured is LINLI_HOME (default: var/bench, or var/bench-street); what is to be measured is made there when it is
empty: the district in minutes, once. Times differ from machine to machine and moment to moment; the ratios are what counts.
Nothing here decides a test.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

SCENES = ("pages", "load", "counts", "forms", "admission", "sharing", "import_rows", "export")


def main(wanted: list[str]) -> int:
    """Run the scenes in order and print one line a figure."""
    scale = "--street" not in wanted
    wanted = [name for name in wanted if name != "--street"]
    folder = Path(__file__).resolve().parents[2] / "var" / ("bench" if scale else "bench-street")
    os.environ.setdefault("LINLI_HOME", str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    unknown = [name for name in wanted if name not in SCENES]
    if unknown:
        print(f"没有名为 {'、'.join(unknown)} 的测量；可选：{'、'.join(SCENES)}。")
        return 2
    from linli.site.embedded import running_or_start

    with running_or_start():
        import django

        django.setup()
        from tests.bench.ground import prepare

        prepare(scale=scale)
        for name in wanted or SCENES:
            import_module(f"tests.bench.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

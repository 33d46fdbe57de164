"""The command line `linli`: runs a command, and says in one sentence what went wrong."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Sequence

from linli.site.arguments import parser
from linli.site.problems import known_problem, note_error


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the console script; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    args = parser().parse_args(argv)
    try:
        return args.run(args) or 0
    except KeyboardInterrupt:
        print("已取消。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        if args.trace:
            traceback.print_exc()
            return 1
        told = known_problem(error)
        if told is None:
            told = f"出了没有料到的错（{type(error).__name__}）。{note_error()}"
        print(told, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""Form tasks."""

from __future__ import annotations

from tests.permissions.table.rows import Row, lookers, of_department, own, pk, place, senders, workers

ROWS: tuple[Row, ...] = (
    Row("collecting:home", 302, 302, 302, 302, 403, 403),
    lookers("collecting:tasks"),
    lookers("collecting:parts"),
    senders("collecting:choose"),
    of_department("collecting:draft", "form_warrant"),
    place("collecting:task", "form_task"),
    place("collecting:blank", "form_task"),
    *(
        Row(
            f"collecting:{name}",
            403,
            404,
            200,
            403,
            403,
            403,
            arguments=lambda w, more=more: {"pk": w.extra["form_draft"].pk, **more},
        )
        for name, more in (
            ("column", {"column": 2}),
            ("values", {"column": 4}),
            ("scope", {}),
            ("issue", {}),
            ("join", {}),
        )
    ),
    Row(
        "collecting:values_forget",
        403,
        404,
        302,
        403,
        403,
        403,
        arguments=lambda w: {"pk": w.extra["form_draft"].pk, "column": 4},
        post=True,
    ),
    of_department("collecting:discard", "form_draft", 302, post=True),
    of_department("collecting:remind", "form_task", 302, post=True),
    of_department("collecting:take_back", "form_task"),
    of_department("collecting:merge", "form_task", 302, post=True),
    # forms asked as one: the departments whose forms they are, and the street that coordinates
    senders("collecting:joints"),
    Row("collecting:joint", 403, 200, 200, 403, 403, 403, arguments=pk("joint")),
    Row("collecting:joint_agree", 403, 404, 302, 403, 403, 403, arguments=pk("joint"), post=True),
    Row("collecting:joint_decline", 403, 404, 200, 403, 403, 403, arguments=pk("joint")),
    Row("collecting:joint_accept", 403, 200, 404, 403, 403, 403, arguments=pk("joint")),
    Row("collecting:joint_refuse", 403, 200, 404, 403, 403, 403, arguments=pk("joint")),
    place("collecting:part", "form_part"),
    *(
        Row(
            f"collecting:{name}",
            status,
            403,
            403,
            404,
            403,
            403,
            arguments=lambda w, more=more: {"pk": w.extra["form_part"].pk, **more},
            post=post,
        )
        for name, status, post, more in (
            ("receive", 302, True, {}),
            ("to_base", 302, True, {}),
            ("row", 200, False, {"row": 0}),
            ("add_row", 200, False, {}),
            ("remove_row", 200, False, {"row": 0}),
            ("upload", 200, False, {}),
            ("ask_missing", 200, False, {}),
            ("file", 200, False, {}),
            ("paper", 302, True, {}),
            ("submit", 200, False, {}),
        )
    ),
    *(
        Row(f"collecting:{name}", *[403] * 6, arguments=pk("form_part"), post=post)
        for name, post in (("send_back", False), ("sign", True))
    ),
    Row("collecting:reopen", 404, 404, 404, 404, 403, 403, arguments=pk("form_part")),
    Row(
        "collecting:sent",
        404,
        404,
        404,
        404,
        403,
        403,
        arguments=lambda w: {"pk": w.extra["form_part"].pk, "number": 1},
    ),
    # asked on the spot
    workers("collecting:asks"),
    Row(
        "collecting:ask",
        200,
        200,
        403,
        404,
        403,
        403,
        arguments=lambda w: {"subject": "person", "record": w.extra["question"].record},
    ),
    own("collecting:answer", "question", 302, post=True),
    own("collecting:give_up", "question", 302, post=True),
    # standing ledgers
    workers("collecting:ledgers"),
    Row(
        "collecting:keep_ledger",
        200,
        404,
        403,
        404,
        403,
        403,
        arguments=lambda w: {"upload": w.extra["ledger_upload"].pk},
    ),
    own("collecting:ledger", "ledger"),
    own("collecting:ledger_row", "ledger", extra={"record": lambda w: w.extra["question"].record}),
    own("collecting:ledger_edit", "ledger"),
    own("collecting:ledger_close", "ledger"),
    own("collecting:ledger_review", "ledger", 302, post=True),
    own("collecting:ledger_file", "ledger"),
    own("collecting:ledger_paper", "ledger", 302, post=True),
)

"""Certificates."""

from __future__ import annotations

from tests.permissions.table.rows import Row, everybody

ROWS: tuple[Row, ...] = (
    *(
        Row(name, 200, 403, 403, 200, 403, 403, query=query)
        for name, query in (
            ("certificates:counter", {"q": "居住证明"}),
            ("certificates:refuse", {"code": "kinship"}),
            ("certificates:seal_log", {}),
        )
    ),
    Row("certificates:kind", 200, 200, 403, 200, 403, 403, arguments=lambda w: {"code": "residence"}),
    Row("certificates:pick", 200, 403, 403, 200, 403, 403, arguments=lambda w: {"code": "residence"}),
    *(
        Row(f"certificates:{name}", 200, 200, 403, 200, 403, 403)
        for name in ("list", "refusals", "seals", "seals_export", "askers", "askers_export", "kinds")
    ),
    *(
        Row(
            f"certificates:{name}",
            status,
            403,
            403,
            404,
            403,
            403,
            arguments=lambda w, key=key, more=more: {"pk": w.extra[key].pk} | more,  # type: ignore[misc]
            post=status == 302,
        )
        for name, status, key, more in (
            ("of_person", 200, "certified", {}),
            ("prepare", 200, "certified", {"code": "residence"}),
            ("issue", 200, "prepared", {}),
            ("drop", 200, "prepared", {}),
            ("copies", 200, "certificate", {}),
            ("withdraw", 200, "certificate", {}),
        )
    ),
    *(
        Row(
            f"certificates:{name}",
            200,
            200,
            403,
            404,
            403,
            403,
            arguments=lambda w, key=key: {"pk": w.extra[key].pk},  # type: ignore[misc]
        )
        for name, key in (
            ("certificate", "certificate"),
            ("paper", "certificate"),
            ("refusal", "refusal"),
            ("seal_use", "seal_use"),
            ("office", "office"),
            ("slip", "refusal"),
        )
    ),
    *(
        Row(
            f"certificates:{name}",
            302,
            403,
            403,
            404,
            403,
            403,
            arguments=lambda w: {"pk": w.extra["prepared"].pk},
            post=True,
        )
        for name in ("reread", "submit")
    ),
    *(
        Row(name, *[403] * 6, arguments=arguments, post=post)
        for name, arguments, post in (
            ("certificates:approve", lambda w: {"pk": w.extra["prepared"].pk}, True),
            ("certificates:send_back", lambda w: {"pk": w.extra["prepared"].pk}, False),
            ("certificates:seal_add", lambda w: {}, False),
            ("certificates:seal_edit", lambda w: {"pk": w.extra["seal"].pk}, False),
            ("certificates:answer", lambda w: {"pk": w.extra["refusal"].asker_id}, False),
            ("certificates:kind_add", lambda w: {}, False),
            ("certificates:kind_edit", lambda w: {"code": "residence"}, False),
            ("certificates:office_add", lambda w: {}, False),
            ("certificates:office_edit", lambda w: {"pk": 1}, False),
            ("certificates:office_remove", lambda w: {"pk": 1}, False),
        )
    ),
    everybody("certificates:public", open_to_all=True),
    everybody("certificates:check", open_to_all=True),
    everybody(
        "certificates:checked", open_to_all=True, arguments=lambda w: {"token": w.extra["certificate"].token}
    ),
)

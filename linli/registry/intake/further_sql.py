"""Further facts (`intake.further`) on their way from the staged rows, where they stand as JSON, into the registry."""

from __future__ import annotations

from linli.registry.intake.further import DATES, SEALED, WHOLE


def value_sql(key: str, row: str, otherwise: str) -> str:
    """SQL of a further value: what the staged row says, else `otherwise`."""
    said = f"{row}.further->>'{key}'"
    if key in SEALED:
        said = f"decode({said}, 'hex')"
    elif key in DATES:
        said = f"({said})::date"
    elif key in WHOLE:
        said = f"({said})::int"
    return f"coalesce({said}, {otherwise})"


def nothing(key: str) -> str:
    """SQL of what a column holds when nothing is known."""
    return "NULL" if key in DATES | WHOLE else "''"


def columns_sql(keys: tuple[str, ...]) -> str:
    """The names of the columns of the registry."""
    return ", ".join(column_of(key) for key in keys)


def column_of(key: str) -> str:
    """The registry's name of a further column."""
    return "note" if key == "home_note" else key


def values_sql(keys: tuple[str, ...], row: str) -> str:
    """What a new record holds."""
    return ", ".join(value_sql(key, row, nothing(key)) for key in keys)


def set_sql(keys: tuple[str, ...], row: str, record: str) -> str:
    """What a known record holds from now on."""
    return ", ".join(
        f"{column_of(key)} = {value_sql(key, row, f'{record}.{column_of(key)}')}" for key in keys
    )


def changed_sql(keys: tuple[str, ...], row: str, record: str) -> str:
    """Whether a staged row says anything else than a known record. Sealed values that say the same are taken out before."""
    parts = [
        f"{row}.further->>'{key}' IS NOT NULL"
        if key in SEALED
        else f"{value_sql(key, row, f'{record}.{column_of(key)}')} IS DISTINCT FROM {record}.{column_of(key)}"
        for key in keys
    ]
    return f"({row}.further IS NOT NULL AND ({' OR '.join(parts)}))"

"""How a home is spoken of."""

from __future__ import annotations


def full_address(estate: str, building: str, unit: str, door: str) -> str:
    """The address within the community: 新兴小区12号楼3单元501室. A bungalow's or shop's door keeps its own word (12号)."""
    ending = "" if not door or not door[-1].isdigit() else "室"
    return f"{estate}{building}{unit}{door}{ending}"

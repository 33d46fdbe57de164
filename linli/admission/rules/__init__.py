"""Decisions of admission on plain data: what is missing, what the checks find, when money is due."""

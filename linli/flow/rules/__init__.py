"""Decisions of the case engine as plain functions on plain data."""

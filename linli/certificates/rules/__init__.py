"""Decisions about certificates, without Django."""

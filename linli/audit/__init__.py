"""Audit: every deed leaves a trace. Actions write inside `audit.action(...)`; see `linli.audit.recording`."""

"""Adjusting communities (社区设置调整): norms, plans, proposals, carrying out (ADR 0019, 0020)."""

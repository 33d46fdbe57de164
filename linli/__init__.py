"""Linli 邻里: the system that runs a neighbourhood."""

__version__ = "0.1.0"

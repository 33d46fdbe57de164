"""The kernel: identifiers, code lists, hanzi, working time, money and secrets, as plain Python.

Nothing here knows Django or the database; every other room may import from here.
"""

"""The list as it is carried along: plain data."""

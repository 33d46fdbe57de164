"""The pages of the duty catalogue."""

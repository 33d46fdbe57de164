"""How right the filling is: forms filled from a made-up registry and compared cell by cell with a truth that does not go
through recognition."""

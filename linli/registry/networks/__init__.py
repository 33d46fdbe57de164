"""Networks of the neighbourhood: who looks after which grid, group of households and staircase, and where nobody does."""

"""The gate (准入减负): what may be asked of a community. Its rooms: the catalogue, and above it agenda and plates."""

"""Decisions about people on plain data. Each `*_problem` answers "" when all is well, else one Chinese sentence."""

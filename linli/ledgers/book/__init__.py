"""The workbook as a file: opened safely, seen as pictures, written to, saved. No Django, no dictionary."""

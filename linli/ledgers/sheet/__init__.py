"""What stands where on a sheet: titles, unit lines, headings, blanks, regions. Words only, no dictionary."""

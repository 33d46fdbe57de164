"""What one row of the workbook says, and everything that can be wrong with it. Plain functions on plain data.

`examiner.Examiner.examine` and `reader.RowReader.enter` are called for every row of files of 100,000 rows; they are written for speed,
with what repeats kept. `examine` looks at a row by itself, so that two processes can share the rows; `enter` takes them
in order and judges one row by others.

Decisions, where one row's fault meets another row:
- Only the faulty row is refused. Others of its household go in; where the head's own row was refused, the household
  waits without a head until the corrected row is imported (which finds the household again by its number or home).
- A household none of whose rows, refused ones included, and none of whose members in the base is the head is refused whole.
- Of two rows about one person, or two heads, the first stands.
- Of rows about one home that disagree on the home itself, the first stands.
"""

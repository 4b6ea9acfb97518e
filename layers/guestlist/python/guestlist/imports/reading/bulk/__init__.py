"""Reading of whole blocks of valid rows at once: the same result as reading row by row, several times as fast.

Nearly all rows of nearly all files are valid and have a simple form. A regular expression is made from the columns
of a file (`pattern`) that matches only such rows. One call of it splits a block of text into the cells of its rows,
column by column, in C (`block`). The text left over between the matched rows is read precisely: by the only
definition of valid rows and their problems, `target_rows.EntryReader`, which gets just those lines. `block_reader` goes
through a file in this way; `reading` has the entry points, and `rows` the result.

Why both ways have the same result:

- The pattern matches fewer rows than are valid, never more. Whatever would be changed, noted or doubted, such as
  an apostrophe at the beginning, an address with an accent or a quantity of `01`, is left to the definition.
- A match is used only if a row begins there. Each row that is read precisely determines where the next one begins:
  if at a match, this match and those directly after it are taken; if in the middle of one (a quote was opened
  before and closes further on), this match is skipped and precise reading continues (`gaps`).
  In nearly all blocks no quote is open at the end of any text left over, so that all matches are rows.
- State that later rows depend on is carried along: row numbers, short rows in groups of sixteen (`row_width`), and
  the number of unclosed quotes so far.

`on_problem` is called with a row that has a problem before the problem is yielded, so that it need not be read again.

A property test checks that both are equal on any bytes: entries, lines, problems and notes. All tests of reading run
both ways. With `FAST_READING=off` every row is read precisely.
"""

"""Reading whole blocks of good rows at once: the same result as reading row by row, several times as fast.

Nearly all rows of nearly all files are good, and plainly so. From the columns of a file a regular expression is
made (`pattern`) that matches such a row and nothing else. One call of it splits a block of text into the cells
of its rows, column by column, in C (`block`); what it leaves over, between the rows that it found, is read by
the one definition of what a row is and what is wrong with it, `target_rows.EntryReader`, fed with just those
lines. `walk` goes through a file in this way; `reading` has the doors, and `rows` is what comes out.

Why both come to the same:

- The pattern matches less than what is good, never more. Whatever would be changed, noticed or doubted, such as
  an apostrophe at the beginning, an address with an accent or a quantity of `01`, is left to the definition.
- It is believed only where a row begins. Each row that is read precisely says where the next one begins; if that
  is where the pattern found a row, it and those directly behind it are taken, and if it is in the middle of one
  (a quote was opened before and closes further on), that one is passed over and reading goes on precisely (`gaps`).
  In nearly all blocks no quote is open at the end of what is left over, so that every row that was found is one.
- What rows need to know of one another goes with them: their numbers, sixteen of them that all are short, how
  many quotes had no end so far.

A row with a problem is told to `keep` before its problem comes, so that it need not be looked for in the file again.

A property test holds the two equal on any bytes: entries, lines, problems and notices. All tests of reading run
both ways. `FAST_READING=off` has every row read precisely.
"""

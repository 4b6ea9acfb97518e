"""`make deploy`: a stage on AWS, made or brought up to date, without losing a message.

Nothing is lost while a stage is brought up to date, since whatever is under way does not live in the
functions that are replaced:

- A file's message stays in its queue until a worker has said that it is done. A worker that is at
  work keeps the code that it began with, for as long as it may take; the next message finds the new
  code. One that is ended all the same leaves its message, which comes again, and its import goes on
  from where the record says. A message names an import and no more, so that old and new code read
  each other's.
- A mail that is owed is an item of the table. The stream keeps for a day what it has to tell, and the
  timer sends what it did not.
- Timers do what is due, not what has just become due: one that did not fire leaves it to the next.
- The API's function is changed in one step: a request meets the old code or the new.
- The table, the bucket and the queue are never replaced; a change that would do so is refused.
"""

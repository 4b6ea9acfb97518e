"""`make deploy`: create or update a stage on AWS without losing a message.

Nothing is lost during an update, because work in progress is not stored in the functions that are replaced:

- The message about a file stays in its queue until a worker has finished. A running worker keeps the code that it
  started with; the next message is processed by the new code. If a worker is killed, its message is delivered again,
  and its import continues from its record. A message only identifies an import, so that old and new code understand
  each other's.
- A pending mail is an item of the table. The stream keeps its records for a day, and the timer sends what the stream
  missed.
- Timers process everything that is due, so that a timer that did not run delays work until its next run.
- The API's function is replaced atomically: a request reaches the old code or the new.
- The table, the bucket and the queue are never replaced; a change that would do so is refused.
"""

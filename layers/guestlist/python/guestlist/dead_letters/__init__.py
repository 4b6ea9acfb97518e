"""Dead-letter queues: inspection and replay."""

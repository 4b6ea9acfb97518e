"""The platform: the table, its keys and conditions, the bucket, queues and clients of AWS."""

"""Our own client for DynamoDB, for the check path (`docs/decisions/0014-own-dynamodb-client.md`).

A request is signed (`signing`) with current credentials (`credentials`) and sent over a persistent connection
(`connection`); the response is parsed and verified (`response`), and transient failures are retried (`retry`).
`client` combines these and implements just what the port requires.
"""

"""Our own client for DynamoDB, for the check path (`docs/decisions/0014-own-dynamodb-client.md`).

A request is signed (`signing`) with credentials that are found and renewed (`credentials`), goes over a
connection that is kept (`connection`) and comes back as an answer that is checked (`answer`); what may pass is
tried again (`retry`). `client` puts these together and knows no more than the port asks for.
"""

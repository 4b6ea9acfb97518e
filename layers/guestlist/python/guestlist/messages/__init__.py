"""The catalogue of messages: every sentence for people, in English, Dutch and Danish, by key."""

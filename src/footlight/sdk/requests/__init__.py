"""Requests of the API as values; nothing here sends. A synchronous and an asynchronous sender
share them."""

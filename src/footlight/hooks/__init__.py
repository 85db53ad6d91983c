"""Telling others of changes: webhooks, fed by the outbox."""

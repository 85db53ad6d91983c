"""Hosts without X servers: a fleet for people who test what they write."""

"""Inventory: what the site has."""

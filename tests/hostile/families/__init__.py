"""Hostile and broken packages as data, one module per family."""

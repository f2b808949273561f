"""Formats: one module each, all giving a stream of chunks of cells (`TableReader`)."""

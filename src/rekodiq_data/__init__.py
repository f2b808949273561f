"""Validate tables cell by cell, publish them as open data, and prove every byte."""

from __future__ import annotations

from rekodiq_data.about import __version__

__all__ = ["__version__"]

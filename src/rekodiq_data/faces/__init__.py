"""Views of a package for people and programs, all derived from its schemas."""

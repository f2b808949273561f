"""Programs that do the same job with other tools, each in a process of its own."""

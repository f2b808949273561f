"""Speed and completeness, measured: a generator, a runner beside peers, a paired comparison."""

"""`python -m rekodiq_data`: the command line."""

from rekodiq_data.cli import main

main()

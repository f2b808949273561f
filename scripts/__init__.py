"""Set-up, carry-over and demonstration scripts. Nothing that the package imports."""

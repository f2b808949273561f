"""The one room that knows Pandera: a schema in, plain positions of broken rules out.

Importing this package costs nothing; `compiled.table` imports Pandera and pandas, and is itself
imported when the first table with constraints or named checks is met.
"""

"""One-off carry-over: from the research notes to the raw tables of the package.

Run `python -m scripts.carry --from FOLDER` in the repository. FOLDER holds the research notes
(CSV files). Each module carries one group of them, states what it corrects, and accounts for
every row in `docs/data/account.csv`. Decisions that no script can make stand in
`scripts/carry/curated/`, each with its reason.
"""

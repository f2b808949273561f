"""Help for the people who keep a package: a second opinion, and later fixes and templates."""

"""`python -m portal` runs the commands."""

from portal.cli import main

main()

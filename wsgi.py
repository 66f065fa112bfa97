"""Builds the app once: `wsgi:app` for the web."""

import gc

from portal import create_app

app = create_app()
# What is here now stays as long as the process: the collector need not look at it again and again.
gc.collect()
gc.freeze()

"""Builds the app once: `wsgi:app` for the web."""

from portal import create_app

app = create_app()

"""The yardstick: the least that a Flask app can do. Served exactly as the portal is."""

from flask import Flask

app = Flask(__name__, static_folder=None)


@app.get("/")
def hello() -> str:
    """A line of text."""
    return "hello\n"

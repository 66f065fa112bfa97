"""The clocks of a letter: which rules run, by when each wants what, and how we know."""

"""Reminders: what has a date or waits to be read, told once to whom it concerns, by default in one mail a day."""

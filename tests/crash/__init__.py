"""Servers and workers killed in the middle of their work: nothing acknowledged is lost, nothing is done twice.

Run by bin/check. On SQLite, whose durability is ours to set up; PostgreSQL's is its own.
"""

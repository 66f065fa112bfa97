"""The case file: everything about a campaign's letters in one archive and one paper, for a regulator or an adviser."""

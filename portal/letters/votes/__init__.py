"""The sign-off vote: the members agree to exactly one text."""

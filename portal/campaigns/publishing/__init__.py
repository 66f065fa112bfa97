"""Whether a campaign publishes anything new just now."""

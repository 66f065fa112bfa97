"""Rules about how long an answer may take, and the counting of days. Knows no letter."""

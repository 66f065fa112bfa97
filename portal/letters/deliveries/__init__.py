"""What became of a delivery after it left: refused, put off, in doubt, called off, or come back."""

"""What a campaign can show: the register of evidence that facts point at."""

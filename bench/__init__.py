"""How fast and how light the portal is, beside yardsticks of the same run. Run by bin/bench."""

"""The desk as several people use it at once: what changed since one looked, who is here, and two texts for one part."""

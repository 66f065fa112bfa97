"""Reading an answer together: two readers, the words in its files, silence, and what to do when it bites."""

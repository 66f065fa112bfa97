"""What people say about a letter while it is written: suggestions, comments, who is at the desk."""

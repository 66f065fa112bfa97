"""What a letter said at each moment, its frozen versions, and who stands under which."""

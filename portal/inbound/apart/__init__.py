"""Taking one message apart. Nothing here knows the portal: it runs in a child process with little memory and time.

The child imports this package under the short name `apart`, so its modules name each other only relatively.
"""

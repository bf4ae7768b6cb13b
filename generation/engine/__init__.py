"""Text generation without Django, without a database and without a required GPU."""

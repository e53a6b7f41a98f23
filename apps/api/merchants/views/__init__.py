"""Views of the merchants host, one file per noun."""

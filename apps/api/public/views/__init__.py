"""Views of the api host, one file per noun."""

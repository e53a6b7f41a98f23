"""A return's whole life over HTTP, told in plain words: `python -m scripts.demo`."""

"""How the demo connects a store to each platform's fake: one file for each platform."""

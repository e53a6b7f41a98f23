"""Fault tests: real processes that are killed, held and cut off, and a judge after each of them."""

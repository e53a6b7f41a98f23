"""A carrier that speaks the part of EasyPost's API v2 that the product uses.

Its fsynced log is the truth about labels: bought, given back, scanned.
"""

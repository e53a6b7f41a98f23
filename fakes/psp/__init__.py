"""A card processor that speaks the part of Stripe's API v1 that the product uses.

Its fsynced log is the truth about money: what stands there has happened, whoever heard of it.
"""

"""What every fake shop is built on: one book of orders, refunds, stock and credit, and its faults.

A platform's fake is a `vendor.py` that knows its auth, routes, shapes and signature. The fsynced
log is the truth: what stands there has happened, whoever heard of it.
"""

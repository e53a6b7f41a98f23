"""The part of PayPal that gives captures back, with its tokens and its word on webhooks."""

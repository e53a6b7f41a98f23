"""A Salesforce B2C Commerce site: Account Manager's tokens, and the Orders API; no webhooks."""

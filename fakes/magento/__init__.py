"""A Magento 2: signed calls, searchCriteria, invoices and the credit memos made of them."""

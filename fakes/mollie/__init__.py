"""The part of Mollie that gives payments back, in pages."""

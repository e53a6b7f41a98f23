"""One URL configuration per host."""

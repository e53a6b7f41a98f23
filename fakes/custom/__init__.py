"""A merchant's own shop that implements the whole contract of docs/custom-platform.md."""

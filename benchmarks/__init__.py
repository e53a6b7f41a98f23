"""Measured speed: `make bench`. Figures of the product beside limits taken in the same run."""

"""One pure function from order facts, requested units and terms to a breakdown tree."""

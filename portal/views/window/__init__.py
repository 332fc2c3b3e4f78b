"""The integration window: what its steps show, and one module for what each of them saves."""

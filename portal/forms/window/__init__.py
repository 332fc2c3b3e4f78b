"""The forms of the integration window, one module for each step."""

"""A local development server that answers like Sessionboard's public API. It is no part of Sessionboard."""

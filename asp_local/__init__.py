"""A local development server that answers like ASP Events, for running, showing and testing a sync."""

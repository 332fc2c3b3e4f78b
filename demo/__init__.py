"""A demonstration: the portal with a real conference's programme and a local ASP Events."""

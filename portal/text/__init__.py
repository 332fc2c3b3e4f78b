"""What a text is to the portal, wherever it comes from: when two are the same, and what HTML may hold. Pure."""

"""The form of a session, and those of its people and files."""

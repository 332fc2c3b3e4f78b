"""Reads programmes from spreadsheets: a file becomes tables, tables become drafts, drafts become a programme."""

"""Reads programmes from spreadsheets, and writes them (H2).

A file becomes tables of plain values (`reading`, `tables`), whose columns are matched to fields (`columns`, `words`);
their rows become drafts (`session_rows`, `people_table` → `drafts`), and the drafts, brought together with what the
event has, a programme (`identity`). `exported` and `writing` go the other way. Nothing here knows a database.
"""

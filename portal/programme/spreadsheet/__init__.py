"""Reads programmes from spreadsheets, and writes them (H2).

opening ─→ cells ─→ recognising ─→ rows ─→ records
(a file     (what    (tables, and   (drafts  (a programme: who and what of
 becomes     one      what each      of each  the event the drafts speak of)
 sheets)     says)    column holds)  row)

Each stage uses those before it, and `words`, which all know. `writing` goes the other way. Nothing here knows a
database.
"""

"""Where programmes come from: each source is a folder or module that offers what `source.py` asks for."""

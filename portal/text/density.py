"""How much there may be in a text in JSON, told before a parser makes anything of it (G5)."""

# What Python makes of JSON can be fifty times its size. The densest real programme known, of 40 MB, would have
# 240,000 objects and lists and 1.2 million commas.
MOST_CONTAINERS = 1_000_000
MOST_COMMAS = 2_000_000


def is_too_dense(content: bytes) -> bool:
    """Whether the JSON has far more values in it than any programme."""
    return content.count(b"{") + content.count(b"[") > MOST_CONTAINERS or content.count(b",") > MOST_COMMAS

"""Whether anything has changed since a preview was made: one text that stands for all that a plan is made from."""

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from portal.sync.running.material import Material


def fingerprint(material: Material) -> str:
    """The same as long as programme, mapping and links are the same; an approval (D12) aside."""
    rules = replace(material.rules, unpublish_approved=0)
    parts = [material.programme, rules, material.links, material.place]
    text = json.dumps(parts, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    return sorted(value)  # a set has no order of its own

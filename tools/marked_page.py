"""Parts of documents that commands write: what lies between <!-- name --> and <!-- end of name -->."""

import re
from pathlib import Path


def write_part(page: Path, name: str, text: str) -> None:
    """Write a part anew, whole lines. Raises ValueError where the page has no such part."""
    content = page.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {name} -->\n).*(<!-- end of {name} -->)", re.DOTALL)
    if not marked.search(content):
        raise ValueError(f"{page.name}: no <!-- {name} --> … <!-- end of {name} --> to write into")
    page.write_text(marked.sub(lambda match: f"{match[1]}{text}\n{match[2]}", content), encoding="utf-8")

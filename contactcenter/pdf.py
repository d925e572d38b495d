"""The only door to typst: a template and data in, PDF bytes out (receipts, letters).

Data reaches the template as JSON through `sys.inputs.data`, never pasted into the markup, so that nothing a person
wrote can be read as typst code.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates_typst"


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `templates_typst/<template>.typ` with this data. Raises RuntimeError where the template fails."""
    compiled: bytes = _typst().compile(
        str(TEMPLATES / f"{template}.typ"), format="pdf", sys_inputs={"data": json.dumps(data, default=str)}
    )
    return compiled


@lru_cache(maxsize=1)
def _typst() -> Any:
    """Imported when first needed: it costs half a second, and few processes need it."""
    import typst

    return typst

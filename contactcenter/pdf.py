"""The only door to typst: a template and data in, PDF bytes out (receipts, letters).

Data reaches the template as JSON through `sys.inputs.data`, never pasted into the markup, so that nothing a person
wrote can be read as typst code.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

PPI = 96.0  # of pictures on a screen
TEMPLATES = Path(__file__).parent / "templates_typst"


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `templates_typst/<template>.typ` with this data. Raises RuntimeError where the template fails."""
    compiled: bytes = _typst().compile(
        str(TEMPLATES / f"{template}.typ"), format="pdf", sys_inputs={"data": json.dumps(data, default=str)}
    )
    return compiled


def pictures(template: str, data: dict[str, Any]) -> list[bytes]:
    """The same sheet as `render` prints, as one PNG for each page."""
    given = {"data": json.dumps(data, default=str)}
    drawn = _typst().compile(str(TEMPLATES / f"{template}.typ"), format="png", ppi=PPI, sys_inputs=given)
    return list(drawn) if isinstance(drawn, list) else [drawn]


@lru_cache(maxsize=1)
def _typst() -> Any:
    """Imported when first needed: it costs half a second, and few processes need it."""
    import typst

    return typst

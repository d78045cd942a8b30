"""What is wrong with the settings of this room, said before anybody is served."""

from typing import Any

from django.core.checks import Error, register

from sirkel.circles.queries.robustness import definitions_here


@register
def robustness_is_known(**_options: Any) -> list[Error]:
    """Refuse a setting that names a definition of robustness which does not exist."""
    try:
        definitions_here()
    except ValueError as error:
        return [Error(f"SIRKEL_ROBUSTNESS: {error}", id="circles.E001")]
    return []

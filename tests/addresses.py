"""Every address that colleagues and programs may ask."""

from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("desk/", "mailroom/", "wallboard/", "api/v1/")
OPEN = ("api/v1/", "api/v1/openapi.json")  # what describes the API, and what says that an address is none


def every_door() -> list[str]:
    """As they are written in the `urls` modules: those of one thing have its name in them."""
    return sorted({path for path in _paths(get_resolver()) if path.startswith(OURS) and "(?P" not in path})


def doors() -> list[str]:
    """Those that name something."""
    return [path for path in every_door() if "<" in path]


def rooms() -> list[str]:
    """Those that name nothing, so that they show what one may see."""
    return [path for path in every_door() if "<" not in path and path not in OPEN]


def _paths(resolver: URLResolver, before: str = "") -> list[str]:
    found = []
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        found += [path] if isinstance(one, URLPattern) else _paths(one, path)
    return found

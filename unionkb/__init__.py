"""The application: command line, store, export. `from unionkb import KnowledgeBase` reads one from Python."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unionkb.knowledge_base import KnowledgeBase

__all__ = ["KnowledgeBase"]


def __getattr__(name: str) -> Any:
    # Imported when it is asked for: most of what imports this package does not need it.
    if name == "KnowledgeBase":
        from unionkb.knowledge_base import KnowledgeBase

        return KnowledgeBase
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

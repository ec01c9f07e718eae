"""HTML -> drafts of articles, pure functions."""

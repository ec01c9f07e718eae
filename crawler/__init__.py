"""HTTP and HTML. Fetches pages, keeps them, turns HTML into text with metadata. Knows no facts."""

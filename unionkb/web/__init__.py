"""The knowledge base as web pages: Datasette with pages of our own. Needs the extra `web`."""

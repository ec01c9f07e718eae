"""The application: command line, store, export."""

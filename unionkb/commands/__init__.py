"""One module a command. Each holds `command`, and imports what is heavy only when it runs."""

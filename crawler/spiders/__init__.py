"""Ways of discovery, one module each: where they start, what their pages give. `base` makes them spiders."""

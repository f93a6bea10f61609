"""What `ape run replay` prints, and how it asks for keys."""

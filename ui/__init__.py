"""The chat and the HTTP contract over `rag`: served at once, loaded behind, closed to all that they do not need."""

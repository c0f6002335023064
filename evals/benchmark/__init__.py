"""Retrieval and speed measured on what is not the project's corpus: PIAF, BEIR-style folders, made passages."""

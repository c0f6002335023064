"""Figures of ingestion, measured on files that the operator names: `python -m ingest bench`."""

"""Catalogue -> file -> Document -> passages -> index, and the index itself (`ingest.index`)."""

"""Text as read by OCR -> repaired text, every change on record (see `pipeline.repair_text`)."""

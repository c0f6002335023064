"""PDF files: text layer, layout, pictures of pages, OCR."""

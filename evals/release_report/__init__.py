"""The report of a release: a kept run, told to whoever decides on it, as one HTML page or as Markdown."""

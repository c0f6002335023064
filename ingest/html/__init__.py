"""Web pages: bytes -> tree, what of the tree is the publication's own, and the parts that it makes."""

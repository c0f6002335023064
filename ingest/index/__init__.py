"""The index: embedder, French analyser, lexical index, Chroma store, builds. Who writes it owns how it is read."""

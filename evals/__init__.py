"""Does the assistant answer well? A question set, measures, a report, and the gate that a release must pass."""

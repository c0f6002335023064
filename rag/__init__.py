"""Question -> ranked passages -> draft -> an Answer whose every sentence is cited and verified."""

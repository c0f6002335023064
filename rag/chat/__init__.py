"""The room that speaks to a chat model: settings, prompt, provider, client, sentences out of its stream. Verifies nothing."""

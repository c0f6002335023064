"""The room that judges, without a model, whether passages support a sentence that somebody wrote. Quotes nothing itself."""

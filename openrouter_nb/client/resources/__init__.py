"""Read-only endpoints: models, key, credits, providers, generations."""

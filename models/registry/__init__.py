"""The registry of models: manifests, where they lie, and which one is the default."""

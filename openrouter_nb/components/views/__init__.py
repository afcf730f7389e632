"""Typed views over parsed JSON: attributes for received objects, without pydantic."""

"""Saved output of an answer: text, media, citations, usage."""

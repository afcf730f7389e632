"""Conversations of panels on this disk, which outlive their kernels."""

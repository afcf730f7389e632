"""Error banners."""

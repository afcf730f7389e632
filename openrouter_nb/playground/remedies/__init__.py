"""Error banners of the playground, and their buttons."""

"""Response bodies: scripted, recorded, malformed."""

"""What a plant reported, and how far it can be believed."""

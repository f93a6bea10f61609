"""Video: probing with limits, cutting, exact resizing, transcoding, quality. No HTTP, no money, no torch at import."""

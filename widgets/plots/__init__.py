"""Pictures of a study: curves, clouds, heat maps, reach, products, each panel one of these."""

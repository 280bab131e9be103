"""What ships beside the code: texts, weights, fonts. Read through importlib.resources."""

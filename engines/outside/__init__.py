"""Variants from outside: loaded in the engine process or a command alone, declared, guarded and checked."""

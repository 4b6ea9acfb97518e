"""The checkout: who may see and buy what, and uses taken from a code, never one too many."""

"""Bringing a catalogue file: upload, preview, progress (the lead is writing this module)."""

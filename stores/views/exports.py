"""Export pages (the lead is writing this module)."""

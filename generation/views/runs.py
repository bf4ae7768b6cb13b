"""Starting runs, watching them, and all of them (the lead is writing this module)."""

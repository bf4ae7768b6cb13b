"""The design system: template tags, htmx helpers and middleware; no models."""

"""The design system: base templates, components, form renderer, static files, pattern library."""

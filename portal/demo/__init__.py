"""Made-up campaigns to look round in. `load.load_demo` builds them; nothing else in the portal imports this package."""

"""The project: settings, wiring, the embedded servers, site-wide pages."""

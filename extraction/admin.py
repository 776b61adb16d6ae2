"""Nothing of extraction is administered here: entries are evidence, and forms have their own pages."""

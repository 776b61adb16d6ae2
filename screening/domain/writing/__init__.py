"""Write records for other programs: RIS, BibTeX, tables and JSON, in the layouts that they expect."""

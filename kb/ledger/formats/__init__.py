"""The ledger in and out: CSV, XLSX, docx, JSON, iCalendar."""

"""Tables: CSV and workbooks as rows of cells, what their columns are, and what their rows say."""

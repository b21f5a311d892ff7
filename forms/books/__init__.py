"""Workbooks as grids: one module per format. `forms.workbook` examines files and calls them."""

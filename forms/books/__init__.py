"""Workbooks as grids: one module per format. `forms.workbook` examines the file first and is the only caller."""

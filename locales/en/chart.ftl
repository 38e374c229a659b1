chart-table = The numbers as a table

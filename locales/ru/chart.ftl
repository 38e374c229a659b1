chart-table = Те же числа в таблице

chart-table = Числа таблицей

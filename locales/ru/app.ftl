app-name = Открытка
app-back = Назад
app-settings = Настройки
app-loading = Открываем…
app-no-storage = Этот браузер не даёт хранить данные (так бывает в приватной вкладке). Откройте приложение в обычной вкладке: без хранилища посчитанное потерялось бы.
app-not-found = Не найдено
app-not-found-lead = Такой страницы здесь нет.
app-to-events = К списку вечеров
app-try-again = Попробовать ещё раз
app-cancel = Отмена

language-ru = По-русски
language-en = In English

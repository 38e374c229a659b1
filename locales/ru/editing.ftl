form-back = Назад
form-store = Сохранить
form-cancel = Не сохранять
form-trouble = Ошибка
form-wrong =
    { $n ->
        [one] Ничего не сохранено: в одном поле ошибка. Всё набранное на месте.
        [few] Ничего не сохранено: ошибки в { $n } полях. Всё набранное на месте.
        [many] Ничего не сохранено: ошибки в { $n } полях. Всё набранное на месте.
       *[other] Ничего не сохранено: ошибки в { $n } поля. Всё набранное на месте.
    }
form-clashed =
    { $n ->
        [one] Пока вы правили, кто-то изменил одно и то же поле. Выберите, что останется, и сохраните ещё раз.
        [few] Пока вы правили, кто-то изменил { $n } поля из тех же. Выберите, что останется, и сохраните ещё раз.
        [many] Пока вы правили, кто-то изменил { $n } полей из тех же. Выберите, что останется, и сохраните ещё раз.
       *[other] Пока вы правили, кто-то изменил { $n } поля из тех же. Выберите, что останется, и сохраните ещё раз.
    }
form-clash = Что останется?
form-clash-theirs = Сохранено другими
form-clash-mine = Ваше
form-problem-missing = Заполните это поле.
form-problem-long = Слишком длинно.
form-problem-control = Здесь есть невидимые знаки. Наберите заново.
form-problem-number = Напишите целое число до 1 000 000.
form-problem-vague = Напишите год, месяц или день: 1976, 2024-10 или 1976-05-02.
form-problem-day = Укажите день.
form-problem-moment = Укажите день и время.
form-problem-ends = Вечер не может кончиться раньше, чем начался.
form-problem-zone = Такого часового пояса нет. Напишите, например, Europe/Moscow.
form-problem-slug = Только строчные латинские буквы, цифры и дефисы.
form-problem-choice = Выберите из списка.
form-problem-refused = Так записать нельзя: правила не пропускают.

history-title = История
history-utc = Время указано по UTC.
history-empty = Пока ничего не меняли.
history-elsewhere = Изменено не на этих страницах: программой или на другом сервере

act-event-made = Вечер создан
act-event-edited = Изменено
act-event-cancelled = Вечер отменён
act-event-closed = Объявлены числа
act-letters-sent = Отмечена отправка
act-conflict-settled = Разобрано расхождение
act-closing-chosen = Выбрано объявление
act-prisoner-made = Запись создана
act-prisoner-edited = Изменено
act-prisoner-imported = Загружено из таблицы
act-prisoner-import-left = Не загружено из таблицы: кто-то успел раньше
act-prisoner-merged = Объединено с другой записью
act-prisoner-parted = Объединение отменено
act-placement-made = Новое место содержания
act-placement-edited = Исправлено место содержания
act-address-confirmed = Адрес подтверждён

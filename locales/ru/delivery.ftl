unsent-label = не на сервере
unsent-all-sent = всё на сервере
unsent-counting =
    { $n ->
        [one] { $n } касание ещё не на сервере
        [few] { $n } касания ещё не на сервере
        [many] { $n } касаний ещё не на сервере
       *[other] { $n } касания ещё не на сервере
    }
unsent-since = с { $time }
unsent-open = Что с отправкой

sync-off = Доставкой занята другая вкладка
sync-connecting = Связываемся с сервером…
sync-connected = На связи
sync-waiting = Сервера не слышно. Попробуем снова сами. Считать можно.
sync-refused-401 = Сервер больше не узнаёт этот телефон. Считать можно и дальше: всё хранится здесь. Попросите у координатора новое приглашение и сохраните файл.
sync-refused-403 = Сервер не пускает этот телефон. Считать можно и дальше: всё хранится здесь. Обратитесь к координатору.
sync-refused-reason = Ответ сервера: { $reason }
sync-refused-short = Доставка остановлена

records-title = Доставка
records-lead = Доставленным считается только то, что сервер подтвердил.
records-empty = На этом телефоне ещё ничего не посчитано.
records-own = Записи этого телефона
records-quarantine = Отклонено сервером
records-quarantine-lead = Эти записи сервер не принял. Они остаются здесь и уйдут снова, когда изменятся или когда вы попросите.
records-no-reason = причина не названа
records-sheet = Счёт: { $event }
records-paper = Бумажный лист { $number }: { $event }
records-event = Вечер: { $event }
records-closing = Закрытие: { $event }
records-dispatch = Отправка: { $event }
records-report = Сообщение об ошибке в списке
records-reply = Ответ
records-unknown-event = вечер, которого здесь ещё нет
records-refused-because = Причина: { $reason }
records-retry = Отправить снова
records-export = Сохранить недоставленное в файл
records-export-lead = Файл JSON с записями, которых на сервере ещё нет. Адресаты и этот телефон названы в нём условными номерами; ни вашего имени, ни псевдонима в нём нет.
records-export-nothing = Всё доставлено

progress-phone = на телефоне
progress-server = на сервере
progress-counted = учтено
progress-national = у федерального сервера
progress-refused = отклонено

unsent-line = Ещё не на сервере: { $what }. Самой старой отметке { $age }
unsent-line-new = Ещё не на сервере: { $what }
unsent-letters =
    { $n ->
        [one] { $n } письмо
        [few] { $n } письма
        [many] { $n } писем
       *[other] { $n } письма
    }
unsent-heads =
    { $n ->
        [one] { $n } человек
        [few] { $n } человека
        [many] { $n } человек
       *[other] { $n } человека
    }
unsent-taps =
    { $n ->
        [one] { $n } касание
        [few] { $n } касания
        [many] { $n } касаний
       *[other] { $n } касания
    }
records-by-hand = С оказией
records-by-hand-lead = Сети долго не будет? Передайте посчитанное через других людей или возьмите чужую посылку.
records-by-hand-open = Посылки

fair-title = Кому писать
fair-since = Письма с { $since } по { $until } по всей стране; если у нашего отделения их больше — наши. Сначала те, кому писали меньше всех.
fair-ours-only = Сводки по всей стране на телефоне ещё нет: считаем только письма нашего отделения за последние 90 дней. Сначала те, кому писали меньше всех.
fair-search = Имя или фамилия
fair-show = Кого показать
fair-show-all = Все
fair-show-need = Нужна поддержка
fair-show-birthday = Дни рождения
fair-theme = Тема
fair-theme-any = Любая тема
fair-found =
    { $n ->
        [one] В списке { $n } человек
        [few] В списке { $n } человека
        [many] В списке { $n } человек
       *[other] В списке { $n } человека
    }
fair-nobody = По этим условиям никто не нашёлся.
fair-no-register = Списка имён на телефоне ещё нет: он придёт при первой связи.
fair-letters =
    { $n ->
        [one] { $n } письмо
        [few] { $n } письма
        [many] { $n } писем
       *[other] { $n } письма
    }
fair-ours = наших { $n }
fair-last = последнее { $ago }
fair-need-none = писем не было
fair-need-few = мало писем
fair-need-long-ago = давно не писали
fair-birthday = день рождения { $day }
fair-birthday-month = день рождения: { $month }, число неизвестно
fair-choose = Выбрать для печати: { $name }
fair-more =
    { $n ->
        [one] Показать ещё { $n }
        [few] Показать ещё { $n }
        [many] Показать ещё { $n }
       *[other] Показать ещё { $n }
    }
fair-print =
    { $n ->
        [one] Напечатать для { $n } адресата
        [few] Напечатать для { $n } адресатов
        [many] Напечатать для { $n } адресатов
       *[other] Напечатать для { $n } адресата
    }

person-not-here = Этого человека в списке на телефоне нет. Список обновится, когда телефон выйдет на связь.
person-free = Человек больше не в заключении: писем туда не отправляйте.
person-deceased = Человека нет в живых. Писем не отправляйте.
person-about = О человеке
person-born = Дата рождения
person-status = Положение
person-status-detained = под стражей
person-status-convicted = отбывает срок
person-status-released = на свободе
person-status-exchanged = на свободе после обмена
person-status-deceased = нет в живых
person-articles = Статьи УК
person-sentence = Срок
person-since = Под стражей с
person-themes = Темы
person-sources = Источники
person-where = Куда писать
person-no-place = Где держат этого человека, мы не знаем. Спросите у координатора.
person-no-address = Адреса учреждения пока нет.
person-checked = Адрес проверен { $ago }
person-unchecked = Когда проверяли адрес, неизвестно
person-stale = мог устареть
person-earlier = Прежние места
person-copy = Скопировать адрес
person-copied = Адрес скопирован
person-choose = Добавить к печати
person-chosen = Добавлено к печати

person-history = Писали из нашего отделения
person-history-empty = Из нашего отделения этому человеку ещё не писали.
person-history-kinds = писем — { $letters }, открыток — { $cards }, самодельных — { $handmade }
person-replies =
    { $n ->
        [one] Пришёл { $n } ответ, последний — { $day }
        [few] Пришли { $n } ответа, последний — { $day }
        [many] Пришло { $n } ответов, последний — { $day }
       *[other] Пришло { $n } ответа, последний — { $day }
    }

facility-rules = Правила этого учреждения
facility-languages = Языки писем
facility-forbidden = О чём не писать
facility-enclosures = Что можно вложить
facility-eletters = Электронные письма
facility-unknown = не выяснено
facility-checked = Правила проверены: { $day }
advice-title = Как писать

report-title = Что-то не так?
report-lead = Письмо вернулось, человека перевели, в адресе ошибка? Напишите: это увидят те, кто ведёт список.
report-kind = Что случилось
report-kind-returned = Письмо вернулось
report-kind-moved = Перевели в другое место
report-kind-address = Ошибка в адресе
report-kind-name = Ошибка в имени
report-kind-released = Человек на свободе
report-kind-other = Другое
report-note = Подробности
report-note-hint = Без имён и примет тех, кто сообщает.
report-send = Сообщить
report-made = { $ago }: { $kind }
report-state-mine = ваше сообщение, { $progress }
report-state-others = сообщили из отделения
report-not-saved = Не сохранилось: { $reason }. Попробуйте ещё раз.

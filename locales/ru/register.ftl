nav-register = Реестр
register-title = Реестр
register-eyebrow = Кому пишут
register-acts = Что сделать
register-list = Люди
register-search = Имя
register-search-hint = Воробьёв, vorobev…
register-stale-only =
    { $n ->
        [one] только с адресом, не проверенным { $n } месяц
        [few] только с адресом, не проверенным { $n } месяца
        [many] только с адресом, не проверенным { $n } месяцев
       *[other] только с адресом, не проверенным { $n } месяца
    }
register-stale = проверить адрес
register-found =
    { $n ->
        [one] Найден { $n } человек
        [few] Найдено { $n } человека
        [many] Найдено { $n } человек
       *[other] Найдено { $n } человека
    }
register-nobody = Никого не нашлось.
register-pages = Страницы
register-export = Скачать таблицу
register-new = Новая запись
register-edit = Изменить запись
register-edit-lead = Пишите только то, что уже опубликовано, и указывайте источник.
register-name = Имя
register-name-ru = Имя по-русски
register-name-en = Имя латиницей
register-name-hint = Достаточно одного из двух.
register-born = Дата рождения
register-vague-hint = Год, месяц или день: 1976, 2024-10, 1976-05-02.
register-status = Положение
register-articles = Статьи
register-comma-hint = Через запятую.
register-since = Под стражей с
register-sentence = Приговор
register-themes = Темы
register-themes-hint = Короткие имена тем через запятую: scientist, teacher.
register-sources = Источники
register-lines-hint = Каждый с новой строки.
register-note = Примечание
register-last = Последнее письмо
register-invented = вымышленный человек

prisoner-status-detained = под стражей
prisoner-status-convicted = отбывает срок
prisoner-status-released = на свободе
prisoner-status-exchanged = на свободе после обмена
prisoner-status-deceased = нет в живых
prisoner-known = Что известно
prisoner-letters = Письма
prisoner-no-letters = Писем пока не было.
prisoner-written =
    { $n ->
        [one] { $n } письмо
        [few] { $n } письма
        [many] { $n } писем
       *[other] { $n } письма
    }
prisoner-elsewhere =
    { $n ->
        [one] И ещё { $n } письмо в других отделениях.
        [few] И ещё { $n } письма в других отделениях.
        [many] И ещё { $n } писем в других отделениях.
       *[other] И ещё { $n } письма в других отделениях.
    }
prisoner-is-double = Эта запись объединена с другой: письма считаются там.
prisoner-to-kept = Открыть её

placement-title = Где содержится
placement-none = Место содержания неизвестно.
placement-new = Новое место
placement-edit = Исправить
placement-lead = Если человека перевели, добавьте новое место, а не исправляйте прежнее.
placement-facility = Учреждение
placement-address = Адрес
placement-from = С
placement-to = По
placement-verified = Адрес проверен
placement-verified-on = адрес проверен: { $day }
placement-unverified = адрес не проверен
placement-source = Источник
placement-confirm = Адрес верен сегодня

doubles-title = Похожие записи
doubles-lead = Имена похожи, годы рождения не расходятся. Если это один человек, выберите запись, которая останется: вторая будет указывать на неё, и письма по обеим станут письмами одному адресату. Объединение можно отменить.
doubles-keep = Оставить эту, вторую присоединить
doubles-none = Похожих записей нет.
doubles-merged = Объединено
doubles-undo = Отменить объединение

reports-title = Сообщения об ошибках
reports-lead = Отделения сообщают, что в реестре что-то не так. Сообщение исчезнет отсюда само, когда изменят место или положение либо подтвердят адрес.
reports-none = Новых сообщений нет.
reports-settled =
    { $n ->
        [one] Разобрано: { $n } сообщение.
        [few] Разобрано: { $n } сообщения.
        [many] Разобрано: { $n } сообщений.
       *[other] Разобрано: { $n } сообщения.
    }
reports-dismiss = Сообщение ошибочно, убрать

import-title = Загрузить таблицу
import-lead = CSV из любой таблицы: UTF-8, UTF-16 или Windows-1251, через запятую, точку с запятой или табуляцию. Сначала вы увидите, что изменится; без вашего подтверждения ничего не запишется.
import-file = Файл
import-look = Посмотреть, что изменится
import-columns = Столбцы
import-columns-note = Нужен хотя бы один из столбцов name_ru и name_en. Чего в таблице нет, то не меняется. Строка без id — новый человек. Несколько статей, тем или источников разделяйте знаком «|».
import-preview = Что изменится
import-nothing-yet = Пока ничего не записано. Отметьте строки и подтвердите.
import-line = Строка { $n }.
import-refused =
    { $n ->
        [one] Не принята { $n } строка
        [few] Не приняты { $n } строки
        [many] Не принято { $n } строк
       *[other] Не приняты { $n } строки
    }
import-suspicious =
    { $n ->
        [one] Сомнительна { $n } строка
        [few] Сомнительны { $n } строки
        [many] Сомнительны { $n } строк
       *[other] Сомнительны { $n } строки
    }
import-changed =
    { $n ->
        [one] Изменится { $n } запись
        [few] Изменятся { $n } записи
        [many] Изменятся { $n } записей
       *[other] Изменятся { $n } записи
    }
import-new =
    { $n ->
        [one] Новая: { $n } запись
        [few] Новые: { $n } записи
        [many] Новые: { $n } записей
       *[other] Новые: { $n } записи
    }
import-same =
    { $n ->
        [one] Без изменений: { $n } строка.
        [few] Без изменений: { $n } строки.
        [many] Без изменений: { $n } строк.
       *[other] Без изменений: { $n } строки.
    }
import-like = Похоже на запись, которая уже есть:
import-again = Похоже на строку { $n } этой таблицы.
import-status = Такого положения телефоны не знают и будут звать писать этому человеку.
import-another = Имя или год рождения совсем другие: тот ли это человек?
import-do = Записать отмеченное
import-nothing-left = Записывать больше нечего.
import-outcome = Итог загрузки
import-to-register = К реестру
import-written =
    { $n ->
        [one] Записана { $n } строка.
        [few] Записаны { $n } строки.
        [many] Записано { $n } строк.
       *[other] Записаны { $n } строки.
    }
import-overtaken =
    { $n ->
        [one] { $n } строка не записана: запись тем временем изменили. Она ниже.
        [few] { $n } строки не записаны: записи тем временем изменили. Они ниже.
        [many] { $n } строк не записано: записи тем временем изменили. Они ниже.
       *[other] { $n } строки не записаны: записи тем временем изменили. Они ниже.
    }
import-problem-none = Выберите файл.
import-problem-columns = В первой строке должны стоять имена столбцов, среди них name_ru или name_en, и каждое один раз.
import-problem-quotes = Кавычки в таблице не сходятся: файл не разобрать.
import-problem-rows = Таблица слишком велика.
import-problem-encoding = Кодировку не узнать. Сохраните таблицу в UTF-8.
import-fault-twice = Этот id уже был выше.
import-fault-unknown = Такого id в реестре нет.
import-fault-id = Это не id человека.
import-fault-wide = В строке больше ячеек, чем столбцов: вероятно, не тот разделитель.

records-others = Числа, учреждения, темы, советы
records-none = Пока ничего.
record-edit-this = Исправить: { $name }
record-figure = Опубликованное число
record-figure-many = Опубликованные числа
record-figure-new = Новое число
record-facility = Учреждение
record-facility-many = Учреждения
record-facility-new = Новое учреждение
record-theme = Тема
record-theme-many = Темы
record-theme-new = Новая тема
record-rules = Совет пишущим
record-rules-many = Советы пишущим
record-rules-new = Новый совет
record-chapter = Отделение
record-chapter-many = Отделения
record-name-ru = Название по-русски
record-name-en = Название по-английски
record-text-ru = Текст по-русски
record-text-en = Текст по-английски
figure-count = Число
figure-at-least = не менее этого числа
figure-said-at-least = не менее { $n }
figure-on = На какой день
facility-languages-hint = Коды через запятую: ru, uk.
facility-both-hint = Каждое с новой строки: по-русски | по-английски.
facility-eletters-hint = Название | адрес сайта.
rules-order = Порядок
chapter-silent = Через сколько дней молчания предупреждать

closing-title = Закрытие вечера
closing-coordinators = Вечер закрывает координатор отделения.
closing-tally = Подсчёт
closing-tally-note = Сумма листов, известных этому телефону. Её никто не правит.
closing-sum = Всего
closing-recipients =
    { $n ->
        [one] Разных адресатов: { $n }
        [few] Разных адресатов: { $n }
        [many] Разных адресатов: { $n }
       *[other] Разных адресатов: { $n }
    }
closing-no-sheets = Листов этого вечера на телефоне ещё нет.
closing-device = Телефон …{ $tail }
closing-own = { $pseudonym } (этот телефон)
closing-paper = Бумажный лист …{ $tail }
closing-unheard =
    { $n ->
        [one] { $n } телефон, который считал на прошлых вечерах, за этот вечер ещё ничего не прислал. Может быть, его лист в пути.
        [few] { $n } телефона, которые считали на прошлых вечерах, за этот вечер ещё ничего не прислали. Может быть, их листы в пути.
        [many] { $n } телефонов, которые считали на прошлых вечерах, за этот вечер ещё ничего не прислали. Может быть, их листы в пути.
       *[other] { $n } телефона, которые считали на прошлых вечерах, за этот вечер ещё ничего не прислали. Может быть, их листы в пути.
    }
closing-offline = Телефон сейчас без связи с сервером: чужих листов здесь может не хватать.

closing-same = Считали один стол?
closing-same-lead = Если двое считали одних и тех же, отметьте их листы. Сумма листов не изменится; объявленные числа возьмут только выбранный лист.
closing-same-join = Это один стол
closing-same-part = Разделить
closing-same-of =
    { $n ->
        [one] Один стол, { $n } лист. Какой взять?
        [few] Один стол, { $n } листа. Какой взять?
        [many] Один стол, { $n } листов. Какой взять?
       *[other] Один стол, { $n } листа. Какой взять?
    }
closing-counts = люди — { $heads }, написано — { $written }

closing-declare = Объявленные числа
closing-declare-lead = Их увидят все. Пустое поле — число не объявлено, остаётся сумма листов.
closing-declared-before = Уже объявлено. Новые числа заменят прежние, прежние останутся в истории.
closing-contested = Вечер закрывали дважды, независимо друг от друга. Новое объявление заменит то, что действует.
closing-basis = Откуда числа
closing-basis-tally = С листов
closing-basis-recount = Пересчёт
closing-basis-estimate = Оценка
closing-at-least = не менее
closing-at-least-of = { $what }: не менее
closing-note = Примечание
closing-number-wrong = Нужны целые неотрицательные числа.
closing-save = Объявить и закрыть вечер
closing-save-again = Объявить заново

closing-sending = Отправка
closing-sending-of = Написано { $written }, отправлено { $sent }.
closing-sent-line = { $day } · { $method } · { $n }
closing-sent-count = Сколько отправлено
closing-sent-on = Когда
closing-sent-how = Как
closing-sent-save = Отметить отправку
closing-sent-wrong = Укажите, сколько и когда отправлено.

closing-status = Состояние вечера
closing-status-lead = Закрытый и отменённый вечер можно открыть снова.
closing-press = Строка для прессы
closing-not-saved = Не сохранилось: { $reason }. Попробуйте ещё раз.

release-title = Строка для прессы
release-lead = Составлено из объявленных чисел. Поправьте, если нужно, проверьте и подпишите: без подписи строкой не поделиться.
release-before = Сначала объявите числа и закройте вечер.
release-to-closing = К закрытию вечера
release-ru = По-русски
release-en = По-английски
release-redraft = Составить заново
release-nothing = Из этих чисел сказать нечего.
release-checked = Текст прочитан, числа и слова верны
release-sign = Подписать: { $pseudonym }
release-signed = Подписано: { $by }, { $moment }
release-outdated = После подписи числа или отправка изменились. Составьте строку заново и подпишите.
release-changed = Текст отличается от подписанного. Подпишите его, чтобы поделиться.
release-not-sent = В тексте сказано, что письма отправлены, а отправка не отмечена. Написано — ещё не отправлено.
release-copy = Скопировать
release-copied = Скопировано
release-share = Поделиться
release-card = Картинка
release-card-lead = Открытка с подписанной строкой; рисуется прямо на телефоне.
release-card-alt = Открытка с текстом: { $text }
release-card-format = Размер
release-card-language = Язык картинки
release-card-save = Сохранить PNG
release-card-theme = Вечера писем политзаключённым

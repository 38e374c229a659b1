invite-many = Сколько приглашений
invite-until = До { $until } (UTC).

device-manage = Управлять
standing-suspended = Приостановлено
standing-until = Действует до { $day }
standing-over = Срок вышел { $day }
standing-term = Пускать ещё
standing-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
    [many] { $n } дней
   *[other] { $n } дня
}
standing-ever = без срока
standing-set = Продлить
standing-suspend-lead = На время: сервер не пустит устройство, но телефон ничего не потеряет и считать сможет.
standing-suspend = Приостановить
standing-resume = Снова пускать

sign-in-others = Или войдите иначе
sign-in-other = Другие способы входа
sign-in-passkey = Ключ доступа
sign-in-passkey-problem = Войти по ключу доступа не вышло. Попробуйте ещё раз или войдите через телефон.
sign-in-phone = Вход через телефон
sign-in-phone-open = Наведите камеру телефона, на котором стоит «Открытка», на этот код.
sign-in-phone-compare = Сравните буквы на телефоне с этими:
sign-in-phone-confirm = Если они те же, подтвердите вход на телефоне.
sign-in-phone-done = Подтверждено, войти
sign-in-phone-waiting = Ждём подтверждения с телефона…
sign-in-phone-over = Код больше не действует.
sign-in-phone-again = Показать новый

sessions-title = Входы и ключи
sessions-lead = Где сейчас открыта сводка. Потеряли ноутбук — завершите его вход: он сразу перестанет действовать.
sessions-list = Открытые входы
sessions-opened = Когда вошли (UTC)
sessions-by = Как
sessions-expires = Сам закончится
sessions-end = Завершить
sessions-empty = Открытых входов нет.
session-by-invite = по приглашению
session-by-phone = через телефон
session-by-passkey = по ключу доступа

passkeys-title = Ключи доступа
passkeys-lead = С ключом доступа этот компьютер входит сам: по отпечатку, лицу или коду. Мы храним только открытый ключ.
passkeys-one = Добавлен { $day } (…{ $tail })
passkeys-add = Добавить ключ на этом компьютере
passkeys-remove = Забыть
passkeys-problem = Ключ добавить не удалось. Попробуйте ещё раз.
passkeys-script = Для ключей доступа нужен JavaScript.

acts-title = Журнал действий
acts-lead = Кто, что и когда сделал. Записи только добавляются; людей мы знаем по псевдонимам.
acts-lead-own = Что вы сделали на этих страницах. Записи только добавляются.
acts-when = Когда (UTC)
acts-what = Что
acts-on = О чём
acts-operator = Тот, кто держит сервер
acts-earlier = Раньше
acts-empty = Пока ничего.

act-refusal-seen = Отказ просмотрен
act-report-dismissed = Сообщение отклонено
act-facility-made = Учреждение добавлено
act-facility-edited = Учреждение изменено
act-figure-made = Число с источником добавлено
act-figure-edited = Число с источником изменено
act-rules-made = Совет добавлен
act-rules-edited = Совет изменён
act-theme-made = Тема добавлена
act-theme-edited = Тема изменена
act-chapter-made = Отделение добавлено
act-chapter-edited = Отделение изменено
act-invite-made = Приглашение сделано
act-device-revoked = Устройство отключено
act-device-forgotten = Устройство отключено и стирается
act-device-suspended = Устройство приостановлено
act-device-resumed = Устройство снова допущено
act-device-extended = Срок устройства изменён
act-session-vouched = Вход подтверждён с телефона
act-session-ended = Вход завершён
act-passkey-added = Ключ доступа добавлен
act-passkey-removed = Ключ доступа забыт

vouch-title = Войти на компьютере?
vouch-lead = На экране, с которого вы сняли код, должны быть эти буквы:
vouch-warning = Подтверждайте, только если экран перед вами — ваш: кто войдёт, увидит всё, что видите вы.
vouch-yes = Буквы те же, войти
vouch-no = Нет, это не я
vouch-done = Готово: компьютер вошёл. Завершить этот вход можно в «Сводка → Устройства → Входы и ключи».
vouch-busy = Подтверждаем…
vouch-problem-none = В ссылке нет кода входа. Наведите камеру на код ещё раз.
vouch-problem-offline = Сервер сейчас недоступен. Для входа нужна сеть.
vouch-problem-over = Код больше не действует. Обновите страницу на компьютере.
vouch-problem-role = На компьютере работают только координаторы.
vouch-problem-trouble = На сервере неполадка. Попробуйте через минуту.

device-waiting = { $n ->
    [one] На телефоне ещё { $n } запись
    [few] На телефоне ещё { $n } записи
    [many] На телефоне ещё { $n } записей
   *[other] На телефоне ещё { $n } записи
}

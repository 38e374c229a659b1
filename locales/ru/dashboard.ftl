nav-skip = К содержанию
nav-label = Разделы
nav-country = Страна
nav-chapter = Отделение
nav-conflicts = Расхождения
nav-devices = Устройства
nav-night = Прошлая ночь
nav-report = Отчёт

live-on = Числа обновляются сами.
live-arrived = Списки изменились: показать
live-off = Чтобы увидеть новые числа, обновите страницу.
live-lost = Связь с сервером потеряна, пробуем снова. Числа могли устареть.
live-ended = Вход закончился: числа больше не обновляются. Войдите снова.

country-title = Вся страна
country-eyebrow = Вечера писем { -political-prisoners(case: "dative") }

chapters-title = Отделения
chapters-all = все
chapters-note = Адресаты страны — разные люди: их число меньше суммы по отделениям, если одному человеку писали в разных городах. «Последние данные» — когда на этот сервер в последний раз пришёл чей-то подсчёт; пока он сам этого не видел, сведений нет.
chapters-empty = Отделений пока нет. Их добавляет тот, кто держит сервер: otkrytka chapter add.

chapter-eyebrow = Отделение

compare-title = Подсчитано и объявлено

basis-tally = Закрыт по листам.
basis-recount = Закрыт по пересчёту.
basis-estimate = Закрыт по оценке.

sheets-title = Листы
sheets-note = Один лист — одно устройство или один бумажный лист с номером. Итог вечера — сумма листов; лист чужого устройства никто не правит.
sheets-paper = Бумажный лист { $number }
sheets-typed = введён: { $who }
sheets-empty = Листов пока нет: ни один телефон ещё не прислал подсчёт.

sent-title = Отправлено
sent-count =
    { $n ->
        [one] { $n } письмо
        [few] { $n } письма
        [many] { $n } писем
       *[other] { $n } письма
    }
sent-empty = Об отправке пока ничего не отмечено.

method-post = почтой
method-eletter = через сервис электронных писем
method-other = другим способом

recipients-title = Кому написали
recipients-empty = Писем конкретным людям пока нет.

prisoner-unknown = Адресат …{ $tail }
